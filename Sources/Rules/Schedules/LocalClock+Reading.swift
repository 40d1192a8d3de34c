package import Values

extension LocalClock {
  /// The clock of an IANA zone, or the error that there is none.
  package static func read(
    _ name: Spanned<String>, diagnostics: inout DiagnosticSink, folder: String = "/usr/share/zoneinfo"
  ) -> LocalClock? {
    do throws(ZoneDatabase.Problem) {
      return LocalClock(zoneName: name.value, try ZoneDatabase(folder: folder).zone(named: name.value))
    } catch {
      diagnostics.report(error.diagnostic(for: name))
      return nil
    }
  }
}
