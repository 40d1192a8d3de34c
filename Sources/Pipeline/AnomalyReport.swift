internal import Events
internal import Packets
internal import Protocols
internal import Rules
internal import Tracking

/// The catalogue of protocol faults for people.
public enum AnomalyReport {
  /// The names of all faults, as `anomaly.event` says them.
  public static let names: [String] =
    DecodeFault.Kind.catalogue.map(\.kind.rawValue) + StreamFault.allCases.map(\.rawValue)
    + SIPFault.catalogue.map(\.name) + SignallingFault.allCases.map(\.rawValue)
    + SDPFault.catalogue.map(\.name) + SensorFault.allCases.map(\.rawValue)

  /// The layers that find them, as `anomaly.layer` says them.
  public static let layers: [String] = names.reduce(into: []) { layers, name in
    let layer = String(name.prefix { $0 != "." })
    if !layers.contains(layer) { layers.append(layer) }
  }

  /// The reference page `docs/anomalies.md`.
  public static func markdown() -> String {
    var page = """
      # Protocol faults

      Every fault that Ringwatch names. This page is generated from the fault catalogues of the decoders
      (`make docs`). A fault becomes an event of type `anomaly`; its name is `anomaly.event`, the part before
      the dot is `anomaly.layer`. A message with a fault is still read as far as it can be: its `sip` event
      comes first, then one `anomaly` for each fault.

      A *violation* breaks a rule that the sender had to keep. What is *notable* is legal, or a limit of
      Ringwatch, and yet rare in honest traffic.

      ```yaml
      event: anomaly
      when: anomaly.event == "sip.bad_status_code"
      ```

      """
    page += section(
      "Below the application", "`anomaly.type` is `decode`: the frame, network and transport layers.",
      DecodeFault.Kind.catalogue.map { [code($0.kind.rawValue), $0.meaning, $0.source] })
    page += section(
      "TCP streams", "`anomaly.type` is `stream`.",
      StreamFault.allCases.map { [code($0.rawValue), $0.meaning, $0.source] })
    page += section(
      "SIP", "`anomaly.type` is `applayer`; `anomaly.detail` is the header, where there is one.",
      SIPFault.catalogue.map {
        [code($0.name), $0.meaning, $0.faultClass == .violation ? "violation" : "notable", $0.source]
      }, hasClass: true)
    page += section(
      "Over several messages",
      "`anomaly.type` is `applayer`: a message that is at fault only because of those before it.",
      SignallingFault.allCases.map { [code($0.rawValue), $0.meaning, $0.source] })
    page += section(
      "SDP", "`anomaly.type` is `applayer`: session descriptions in the bodies of SIP messages.",
      SDPFault.catalogue.map { [code($0.name), $0.meaning, $0.source] })
    page += section(
      "The sensor itself", "No packet belongs to it.",
      SensorFault.allCases.map { [code($0.rawValue), $0.meaning, "Ringwatch"] })
    return page
  }

  private static func section(
    _ title: String, _ words: String, _ rows: [[String]], hasClass: Bool = false
  ) -> String {
    let head = hasClass ? ["fault", "meaning", "class", "source"] : ["fault", "meaning", "source"]
    let rule = head.map { _ in "---" }
    let lines = ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    return "\n## \(title)\n\n\(words)\n\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func code(_ name: String) -> String { "`\(name)`" }
}

extension RuleLoadingOptions {
  /// The options of a sensor, which knows what it calls the faults that it finds.
  static let ofSensor: RuleLoadingOptions = {
    var options = RuleLoadingOptions()
    options.words = [.anomalyEvent: AnomalyReport.names, .anomalyLayer: AnomalyReport.layers]
    return options
  }()
}
