/// The one table of all fields.
///
/// The rule compiler, the log writer, `ringwatch fields` and the JSON Schemas are driven by it. To add a
/// field: a case in `Field`, its row at the same place in the group's table, and whoever fills it in.
public enum FieldCatalog {
  /// Every field, in the order of `Field`.
  public static let all: [FieldDefinition] =
    common + source + account + flow + sip + anomaly + transaction + call + registration + rtp + rtcp + tls
    + dtls + stun + score
    + alert

  /// The row of a field.
  public static func definition(of field: Field) -> FieldDefinition {
    all[Int(field.rawValue)]
  }

  /// The row of a dotted name, or nil.
  ///
  /// `sdp.*` may be written for `sip.sdp.*`, as in Suricata's keywords, and `alert.*` for `alert.context.*`.
  public static func definition(named name: String) -> FieldDefinition? {
    if let index = indexByName[name] { return all[index] }
    if name.hasPrefix("sdp.") { return indexByName["sip." + name].map { all[$0] } }
    guard name.hasPrefix("alert.") else { return nil }
    return indexByName["alert.context." + name.dropFirst("alert.".count)].map { all[$0] }
  }

  /// The fields that events of these kinds can have, in catalogue order.
  public static func fields(in kinds: EventKindSet) -> [FieldDefinition] {
    all.filter { !$0.kinds.isDisjoint(with: kinds) }
  }

  private static let indexByName: [String: Int] = Dictionary(
    uniqueKeysWithValues: all.enumerated().map { ($0.element.name, $0.offset) })
}
