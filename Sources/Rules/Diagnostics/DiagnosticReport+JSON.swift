internal import Values

/// A place as the machine-readable formats give it.
private struct Region {
  let start: SourceLocation
  let end: SourceLocation

  init(_ span: SourceSpan, in file: SourceFile) {
    start = file.location(of: span.range.start)
    end = file.location(of: max(span.range.start, span.range.end))
  }
}

extension DiagnosticReport {
  /// The report as one JSON object: `diagnostics` (`code`, `severity`, `file`, `line`, `column`,
  /// `end_line`, `end_column`, `message`, `help`), `errors`, `warnings`.
  ///
  /// Columns count Unicode scalars from 1, the end is exclusive; a file without text has no position.
  public func renderJSON() -> String {
    var json = JSONText()
    json.object { append(to: &$0) }
    return json.text + "\n"
  }

  /// Writes what `renderJSON` says into an object.
  public func append(to json: inout JSONText) {
    json.array("diagnostics") { json in
      for diagnostic in diagnostics {
        json.object { append(diagnostic, to: &$0) }
      }
    }
    json.number("errors", errorCount)
    json.number("warnings", warningCount)
  }

  private func append(_ diagnostic: RuleDiagnostic, to json: inout JSONText) {
    let file = sources[diagnostic.span.file]
    json.string("code", diagnostic.code.rawValue)
    json.string("severity", diagnostic.severity.rawValue)
    json.string("file", file.path)
    if file.hasText {
      let region = Region(diagnostic.span, in: file)
      json.number("line", region.start.line)
      json.number("column", region.start.column)
      json.number("end_line", region.end.line)
      json.number("end_column", region.end.column)
    }
    json.string("message", diagnostic.message)
    if let help = diagnostic.help { json.string("help", help) }
  }

  /// The report as a SARIF 2.1.0 log with one run (OASIS Standard, 27 March 2020).
  public func renderSARIF(toolVersion: String) -> String {
    var json = JSONText()
    json.object { json in
      json.string("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      json.string("version", "2.1.0")
      json.array("runs") { json in
        json.object { appendRun(toolVersion, to: &$0) }
      }
    }
    return json.text + "\n"
  }

  private func appendRun(_ toolVersion: String, to json: inout JSONText) {
    let codes = Set(diagnostics.map(\.code.rawValue)).sorted()
    json.object("tool") { json in
      json.object("driver") { json in
        json.string("name", "ringwatch")
        json.string("version", toolVersion)
        json.array("rules") { json in
          for code in codes { json.object { $0.string("id", code) } }
        }
      }
    }
    json.string("columnKind", "unicodeCodePoints")
    json.array("results") { json in
      for diagnostic in diagnostics {
        json.object { appendResult(diagnostic, to: &$0) }
      }
    }
  }

  private func appendResult(_ diagnostic: RuleDiagnostic, to json: inout JSONText) {
    let file = sources[diagnostic.span.file]
    json.string("ruleId", diagnostic.code.rawValue)
    json.string("level", diagnostic.severity.rawValue)
    json.object("message") { json in
      let help = diagnostic.help.map { " (\($0))" } ?? ""
      json.string("text", diagnostic.message + help)
    }
    json.array("locations") { json in
      json.object { json in
        json.object("physicalLocation") { json in
          json.object("artifactLocation") { $0.string("uri", Self.reference(file.path)) }
          guard file.hasText else { return }
          let region = Region(diagnostic.span, in: file)
          json.object("region") { json in
            json.number("startLine", region.start.line)
            json.number("startColumn", region.start.column)
            json.number("endLine", region.end.line)
            json.number("endColumn", region.end.column)
          }
        }
      }
    }
  }

  /// A path as a URI reference: everything but unreserved characters and slashes percent-encoded
  /// (RFC 3986 §2.3), so that a colon in the first segment is no scheme.
  private static func reference(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e, 0x2f:
        result.unicodeScalars.append(UnicodeScalar(byte))
      default:
        let hexadecimal = String(byte, radix: 16, uppercase: true)
        result += (byte < 16 ? "%0" : "%") + hexadecimal
      }
    }
    return result
  }
}
