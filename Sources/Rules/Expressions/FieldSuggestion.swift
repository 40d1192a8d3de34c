internal import Events

/// Finds the field that somebody probably meant.
public enum FieldSuggestion {
  /// `; did you mean 'x'?` for an event or a field of any event, or nothing when none is close.
  public static func phrase(for name: String) -> String {
    let event = Suggestion.phrase(for: name, among: EventKindSet.names)
    return event.isEmpty ? phrase(for: name, .all) : event
  }

  /// `; did you mean 'x'?`, or nothing when no field is close.
  ///
  /// Names of other tools come first, then fields of the rule's events, then all others.
  static func phrase(for name: String, _ kinds: EventKindSet) -> String {
    if let known = foreignNames[name.lowercased()] { return "; did you mean '\(known)'?" }
    let near = Suggestion.phrase(for: name, among: FieldCatalog.fields(in: kinds).map(\.name))
    if !near.isEmpty { return near }
    if let tail = sameTail(name, FieldCatalog.fields(in: kinds)) { return "; did you mean '\(tail)'?" }
    if let foreign = Suggestion.closest(to: name, among: foreignNames.keys.sorted()),
      let known = foreignNames[foreign]
    {
      return "; did you mean '\(known)'?"
    }
    return Suggestion.phrase(for: name, among: FieldCatalog.all.map(\.name))
  }

  /// A field whose name ends the same way (`method` for `sip.method`).
  private static func sameTail(_ name: String, _ rows: [FieldDefinition]) -> String? {
    guard !name.contains(".") else { return nil }
    return rows.first { $0.name.hasSuffix("." + name) }?.name
  }

  /// What the same things are called in display filters, in SIP grammar and by people.
  private static let foreignNames: [String: String] = [
    "sip.status": "sip.code", "sip.status_code": "sip.code", "sip.status-code": "sip.code",
    "sip.response_code": "sip.code", "sip.useragent": "sip.user_agent", "sip.ua": "sip.user_agent",
    "sip.callid": "sip.call_id", "sip.from": "sip.from.uri", "sip.to": "sip.to.uri",
    "sip.contact": "sip.contact.uri", "sip.via": "sip.via.host", "sip.r-uri": "sip.uri",
    "sip.ruri": "sip.uri", "sip.reason_phrase": "sip.reason", "ip.src": "src_ip", "ip.dst": "dest_ip",
    "src.ip": "src_ip", "dst.ip": "dest_ip", "dst_ip": "dest_ip", "dst_port": "dest_port",
    "src.port": "src_port", "dst.port": "dest_port", "client_ip": "client.ip", "server_ip": "server.ip",
    "frame.time": "timestamp", "time": "timestamp", "ip": "client.ip", "source_ip": "src_ip",
    "destination_ip": "dest_ip", "protocol": "proto",
  ]
}
