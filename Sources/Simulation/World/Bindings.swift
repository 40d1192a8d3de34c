/// What a registrar keeps: the contacts of each user, RFC 3261 §10.3.
struct Bindings {
  private struct Binding {
    let contact: String
    var expiry: Int64
  }

  private var users: [String: [Binding]] = [:]

  /// Sets or removes (`expires` 0) a contact, or removes all of them (nil); returns all contacts of the user that are valid then, each with
  /// the seconds that are left to it, as a 200 lists them.
  mutating func set(_ user: String, _ contact: String?, expires: Int, at time: Int64) -> [String] {
    guard let contact else {
      users[user] = nil
      return []
    }
    var bindings = users[user, default: []].filter { $0.expiry > time && $0.contact != contact }
    if expires > 0 {
      bindings.append(Binding(contact: contact, expiry: time + Int64(expires) * 1_000_000_000))
    }
    users[user] = bindings
    return bindings.map { "\($0.contact);expires=\(($0.expiry - time) / 1_000_000_000)" }
  }
}
