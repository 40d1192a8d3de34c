import Capture
import Testing

@Suite struct HEPEndpointTests {
  @Test(arguments: [
    "udp:0.0.0.0:9060", "tcp:192.0.2.7:1", "tcp:[::1]:9060", "udp:[::]:65535", "udp:[2001:db8::7]:9060",
  ])
  func `an endpoint is written as it is read`(text: String) throws {
    #expect(try HEPEndpoint(text).description == text)
  }

  static let wrong: [(text: String, cause: String, remedy: String)] = [
    ("", "'' does not begin with udp: or tcp:", "write udp:0.0.0.0:9060 or tcp:[::]:9060"),
    (
      "0.0.0.0:9060", "'0.0.0.0:9060' does not begin with udp: or tcp:",
      "write udp:0.0.0.0:9060 or tcp:[::]:9060"
    ),
    (
      "tls:0.0.0.0:9060", "'tls:0.0.0.0:9060' does not begin with udp: or tcp:",
      "write udp:0.0.0.0:9060 or tcp:[::]:9060"
    ),
    (
      "udp:localhost:9060", "'localhost' is no IP address",
      "write an address of this machine, or 0.0.0.0 or [::] for all"
    ),
    (
      "udp:10.0.0:9060", "'10.0.0' is no IP address",
      "write an address of this machine, or 0.0.0.0 or [::] for all"
    ),
    ("tcp:::1:9060", "'::1' needs brackets", "write, for example, tcp:[::1]:9060"),
    (
      "tcp:[::1]", "'tcp:[::1]' has no IPv6 address in brackets with a port behind it",
      "write, for example, tcp:[::1]:9060"
    ),
    (
      "tcp:[::1:9060", "'tcp:[::1:9060' has no IPv6 address in brackets with a port behind it",
      "write, for example, tcp:[::1]:9060"
    ),
    (
      "tcp:[10.0.0.1]:9060",
      "'tcp:[10.0.0.1]:9060' has no IPv6 address in brackets with a port behind it",
      "write, for example, tcp:[::1]:9060"
    ),
    (
      "tcp:[:x]:9060", "':x' is no IP address", "write an address of this machine, or 0.0.0.0 or [::] for all"
    ),
    (
      "udp:0.0.0.0", "'udp:0.0.0.0' does not name an address and a port",
      "write, for example, udp:0.0.0.0:9060"
    ),
    ("udp:9060", "'udp:9060' does not name an address and a port", "write, for example, udp:0.0.0.0:9060"),
    ("udp:", "'udp:' does not name an address and a port", "write, for example, udp:0.0.0.0:9060"),
    ("udp:0.0.0.0:0", "'0' is no port", "write 1 to 65535; the port of HEP is 9060"),
    ("udp:0.0.0.0:65536", "'65536' is no port", "write 1 to 65535; the port of HEP is 9060"),
    ("udp:0.0.0.0:+9060", "'+9060' is no port", "write 1 to 65535; the port of HEP is 9060"),
    ("udp:0.0.0.0:sip", "'sip' is no port", "write 1 to 65535; the port of HEP is 9060"),
  ]

  @Test(arguments: wrong.indices)
  func `what is wrong with an endpoint is said, and what to write`(index: Int) {
    let row = Self.wrong[index]
    do throws(HEPEndpoint.Problem) {
      _ = try HEPEndpoint(row.text)
      Issue.record("'\(row.text)' was accepted")
    } catch {
      #expect(error.cause == row.cause)
      #expect(error.remedy == row.remedy)
    }
  }
}
