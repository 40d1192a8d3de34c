public import Values

/// Where to listen for HEP, written `udp:0.0.0.0:9060` or `tcp:[::1]:9060`.
public struct HEPEndpoint: Hashable, Sendable {
  /// What carries the messages.
  public enum Transport: String, Hashable, Sendable, CaseIterable {
    /// One message a datagram.
    case udp
    /// Messages of version 3, one behind the other.
    case tcp
  }

  /// What is wrong with a text that names no endpoint, and what to write.
  public struct Problem: Error, Hashable, Sendable {
    /// What is wrong.
    public let cause: String
    /// What to write.
    public let remedy: String
  }

  /// What carries the messages.
  public let transport: Transport
  /// The address of this machine; the unspecified one means all of its family.
  public let address: IPAddress
  /// The port, from 1.
  public let port: UInt16

  /// The endpoint that a text names.
  public init(_ text: String) throws(Problem) {
    let (scheme, rest) = text.split(at: text.firstIndex(of: ":"))
    guard let transport = Transport(rawValue: scheme) else {
      throw Problem(
        cause: "'\(text)' does not begin with udp: or tcp:", remedy: "write udp:0.0.0.0:9060 or tcp:[::]:9060"
      )
    }
    let (host, port) = try Self.parts(rest, of: text)
    guard let address = IPAddress(host) else {
      throw Problem(
        cause: "'\(host)' is no IP address",
        remedy: "write an address of this machine, or 0.0.0.0 or [::] for all")
    }
    guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
      throw Problem(cause: "'\(port)' is no port", remedy: "write 1 to 65535; the port of HEP is 9060")
    }
    self.transport = transport
    self.address = address
    self.port = number
  }

  /// Address and port as they are written; an IPv6 address has brackets, so that its colons are its own.
  private static func parts(_ text: String, of whole: String) throws(Problem) -> (host: String, port: String)
  {
    if text.hasPrefix("[") {
      let inner = String(text.dropFirst())
      let (host, rest) = inner.split(at: inner.firstIndex(of: "]"))
      guard host.contains(":"), rest.hasPrefix(":") else {
        throw Problem(
          cause: "'\(whole)' has no IPv6 address in brackets with a port behind it",
          remedy: "write, for example, tcp:[::1]:9060")
      }
      return (host, String(rest.dropFirst()))
    }
    let (host, port) = text.split(at: text.lastIndex(of: ":"))
    guard !host.contains(":") else {
      throw Problem(cause: "'\(host)' needs brackets", remedy: "write, for example, tcp:[::1]:9060")
    }
    guard !host.isEmpty, !port.isEmpty else {
      throw Problem(
        cause: "'\(whole)' does not name an address and a port",
        remedy: "write, for example, udp:0.0.0.0:9060")
    }
    return (host, port)
  }
}

extension HEPEndpoint: CustomStringConvertible {
  /// As it is written on the command line.
  public var description: String {
    "\(transport.rawValue):" + (address.isIPv6 ? "[\(address)]" : "\(address)") + ":\(port)"
  }
}

extension HEPEndpoint.Problem: CustomStringConvertible {
  /// One line.
  public var description: String { "\(cause); \(remedy)" }
}

extension String {
  /// What is before and behind a separator; everything is before it when there is none.
  fileprivate func split(at separator: Index?) -> (String, String) {
    guard let separator else { return (self, "") }
    return (String(self[..<separator]), String(self[index(after: separator)...]))
  }
}
