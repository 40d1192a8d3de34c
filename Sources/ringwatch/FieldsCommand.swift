import ArgumentParser
import Events
import Foundation
import Output
import Pipeline
import Report
import Rules

/// `ringwatch fields`: the field catalogue.
struct FieldsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fields",
    abstract: "Lists the fields that rules can test and the log prints.",
    discussion: """
      EXAMPLES:
        ringwatch fields                     every field
        ringwatch fields sip.response        the fields of a SIP response
        ringwatch fields codec               the fields with this in their names
        ringwatch fields --format eve-schema > eve.schema.json
        ringwatch fields --format anomalies  the protocol faults that Ringwatch names
      """)

  /// How to print.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, anomalies
    case eveSchema = "eve-schema"
    case rulesSchema = "rules-schema"
    case reportSchema = "report-schema"
  }

  @Argument(
    help:
      "An event as in 'event:' of a rule, for example sip or sip.request, or a part of the name of a field.")
  var name: String?

  @Option(help: "text, markdown, anomalies, eve-schema, rules-schema or report-schema.")
  var format = Format.text

  func validate() throws {
    guard let name, EventKindSet(name: name) == nil, FieldReport.text(containing: name) == nil else { return }
    let suggestion = FieldSuggestion.phrase(for: name)
    throw ValidationError(
      "no event and no field is named '\(name)'"
        + (suggestion.isEmpty ? "; 'ringwatch fields' lists all of them" : suggestion))
  }

  func run() throws {
    switch format {
    case .text: print(text, terminator: "")
    case .markdown: print(FieldReport.markdown(), terminator: "")
    case .anomalies: print(AnomalyReport.markdown(), terminator: "")
    case .reportSchema: print(CaptureReport.schema, terminator: "")
    case .rulesSchema: FileHandle.standardOutput.write(try RuleSchemaDocument.json())
    case .eveSchema:
      FileHandle.standardOutput.write(try EVESchema.json(counters: RunReport.counterNames))
    }
  }

  /// The fields of an event, those with a word in their names, or all.
  private var text: String {
    guard let name else { return FieldReport.text(.all) }
    if let kinds = EventKindSet(name: name) { return FieldReport.text(kinds) }
    return FieldReport.text(containing: name) ?? ""
  }
}
