import ArgumentParser
import Pipeline
import Rules

/// `ringwatch schedule`: when is a schedule on?
struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Lists the intervals that a schedule covers.",
    discussion: """
      Days and times are those of the schedule's zone, with their offset, and again in UTC; a start is included,
      an end is not. The entries of any_of that an interval comes from are counted from 1.

      EXAMPLES:
        ringwatch schedule night --from 2026-03-28                      seven days
        ringwatch schedule night --from 2026-12-24 --to 2026-12-26 -S my-rules/
        ringwatch schedule night --from 2026-01-01 --days 365 --format json
      """)

  /// How to print.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The schedule's name.")
  var name: String

  @Option(help: ArgumentHelp("First day, for example 2026-03-28.", valueName: "date"), transform: Self.day)
  var from: CalendarDate

  @Option(help: ArgumentHelp("Last day, which is included.", valueName: "date"), transform: Self.day)
  var to: CalendarDate?

  @Option(help: "Number of days, instead of --to; 7 without either.")
  var days: Int?

  @Option(
    name: [.customShort("S"), .customLong("rules")],
    help: ArgumentHelp(
      "Rule file, or folder of rule files; the shipped rules without any. Repeatable.", valueName: "rules"))
  var rules: [String] = []

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file, for the rules that it names.", valueName: "config"))
  var config: String?

  @Option(help: "text or json.")
  var format = Format.text

  private static func day(_ text: String) throws -> CalendarDate {
    guard let date = CalendarDate(text) else {
      throw ValidationError("'\(text)' is no day; write it as 2026-03-28")
    }
    return date
  }

  func validate() throws {
    guard to == nil || days == nil else { throw ValidationError("give --to or --days, not both") }
    if let to, to < from { throw ValidationError("--to is before --from") }
    guard (1...ScheduleReport.maximumDays).contains(dayCount) else {
      throw ValidationError("a schedule is listed for 1 to \(ScheduleReport.maximumDays) days")
    }
    let last = from.daysSinceEpoch + dayCount
    guard CalendarDate("\(CalendarDate(daysSinceEpoch: last))") != nil else {
      throw ValidationError("days are those of the years 1678 to 2261")
    }
  }

  private var dayCount: Int {
    if let to { return to.daysSinceEpoch - from.daysSinceEpoch + 1 }
    return days ?? 7
  }

  func run() throws {
    let settings = try SettingsLoading.load(config)
    let paths = try RuleLoading.resolved(rules.isEmpty ? settings.rules : rules)
    let loaded = RuleLoader(options: settings.loading).load(paths)
    guard loaded.report.errorCount == 0 else {
      RuleLoading.show(loaded.report, format: .text)
      throw ExitCode(2)
    }
    guard let index = loaded.scheduleIndex(named: name) else {
      Terminal.complain("ringwatch: " + loaded.complaint(aboutSchedule: name))
      throw ExitCode(2)
    }
    let report = ScheduleReport(loaded.schedules[index], from: from, dayCount: dayCount)
    print(format == .text ? report.renderText() : report.renderJSON(), terminator: "")
  }
}
