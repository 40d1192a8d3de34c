/// How much of each kind a report keeps; what is left out is counted and said.
public struct ReportLimits: Hashable, Sendable {
  /// Calls with their ladders.
  public var calls = 2000
  /// Messages of one ladder.
  public var ladderMessages = 40
  /// Outcomes of registrations.
  public var registrations = 1000
  /// RTP streams.
  public var streams = 2000
  /// Alerts.
  public var alerts = 1000
  /// Source addresses, and as many accounts, of which the report knows anything.
  public var sources = 8192
  /// Rows in tables of sources, accounts and names.
  public var rows = 100
  /// Rows of the feature table that are compared.
  public var hours = 8192
  /// Published scores.
  public var scores = 1000
  /// Bytes of one text from the wire.
  public var textLength = 200

  /// The defaults.
  public init() {}

  /// The limits by name, for the report itself.
  var named: [Counted] {
    [
      Counted(name: "calls", count: calls), Counted(name: "ladder_messages", count: ladderMessages),
      Counted(name: "registrations", count: registrations), Counted(name: "streams", count: streams),
      Counted(name: "alerts", count: alerts), Counted(name: "sources", count: sources),
      Counted(name: "rows", count: rows), Counted(name: "hours", count: hours),
      Counted(name: "scores", count: scores),
      Counted(name: "text_length", count: textLength),
    ]
  }
}
