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

  @Argument(help: "An event as in 'event:' of a rule, for example sip or sip.request.")
  var event: String?

  @Option(help: "text, markdown, anomalies, eve-schema, rules-schema or report-schema.")
  var format = Format.text

  func validate() throws {
    guard let event, EventKindSet(name: event) == nil else { return }
    throw ValidationError(
      "unknown event '\(event)'; there are \(EventKindSet.names.joined(separator: ", "))")
  }

  func run() throws {
    switch format {
    case .text: print(FieldReport.text(event.flatMap { EventKindSet(name: $0) } ?? .all), terminator: "")
    case .markdown: print(FieldReport.markdown(), terminator: "")
    case .anomalies: print(AnomalyReport.markdown(), terminator: "")
    case .reportSchema: print(CaptureReport.schema, terminator: "")
    case .rulesSchema: FileHandle.standardOutput.write(try RuleSchemaDocument.json())
    case .eveSchema:
      FileHandle.standardOutput.write(try EVESchema.json(counters: RunReport.counterNames))
    }
  }
}
