import ArgumentParser
import Geography

/// Opens the country database of a command line.
enum CountryLoading {
  /// The database at a path, nil without one; ends with exit code 2 when it cannot be used.
  static func open(_ path: String?) throws -> CountryDatabase? {
    guard let path else { return nil }
    do throws(CountryDatabaseError) {
      return try CountryDatabase(path: path)
    } catch {
      Terminal.complain("ringwatch: \(error)")
      throw ExitCode(2)
    }
  }
}
