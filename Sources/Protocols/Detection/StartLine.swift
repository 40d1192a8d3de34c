internal import Packets

/// The first line of a text protocol, as far as it tells HTTP, SSDP, RTSP, MGCP and MEGACO apart.
///
/// At most 4096 bytes are looked at; a longer first line belongs to none of them on a VoIP port.
struct StartLine {
  private static let longest = 4096

  /// One past the last byte of the line, without its line end.
  let end: Int

  /// The line, or nil when the bytes do not begin with a printable character. A datagram without a line end
  /// is one line, as MEGACO and MGCP answers are.
  init?(_ bytes: Bytes) {
    guard bytes.count >= 4, 0x21...0x7e ~= bytes[0] else { return nil }
    let limit = min(bytes.count, Self.longest)
    guard let feed = bytes.firstIndex(of: 0x0a, in: 0..<limit) else {
      guard limit == bytes.count else { return nil }
      end = limit
      return
    }
    end = feed > 0 && bytes[feed - 1] == 0x0d ? feed - 1 : feed
  }

  /// The protocol that the line belongs to, or nil.
  func application(in bytes: Bytes) -> AppProtocol? {
    if bytes.spells("MEGACO/") || bytes.spells("!/1 ") { return .megaco }
    if bytes.spells("RTSP/") { return .rtsp }
    if bytes.spells("HTTP/1.") { return isAnswerToSearch(bytes) ? .ssdp : .http }
    if ends(with: " HTTP/1.", plus: 1, bytes) { return httpRequest(bytes) }
    if ends(with: " RTSP/", plus: 3, bytes) { return isMethod(bytes) ? .rtsp : nil }
    return isMGCP(bytes) ? .mgcp : nil
  }

  private func httpRequest(_ bytes: Bytes) -> AppProtocol? {
    if bytes.spells("M-SEARCH * ") || bytes.spells("NOTIFY * ") { return .ssdp }
    return isMethod(bytes) ? .http : nil
  }

  private func ends(with text: String, plus digits: Int, _ bytes: Bytes) -> Bool {
    bytes.spells(text, at: end - text.utf8.count - digits)
  }

  /// Whether the first word has 3–16 capitals, hyphens and underlines.
  private func isMethod(_ bytes: Bytes) -> Bool {
    var index = 0
    while index < end, bytes[index] &- 0x41 < 26 || bytes[index] == 0x2d || bytes[index] == 0x5f {
      index += 1
    }
    return 3...16 ~= index && index < end && bytes[index] == 0x20
  }

  /// Whether one of the header lines within the limit is ST or USN (UPnP Device Architecture 1.1 §1.3.3).
  private func isAnswerToSearch(_ bytes: Bytes) -> Bool {
    let limit = min(bytes.count, Self.longest)
    var offset = end
    while offset < limit, let feed = bytes.firstIndex(of: 0x0a, in: offset..<limit) {
      offset = feed + 1
      if bytes.spellsIgnoringCase("st:", at: offset) || bytes.spellsIgnoringCase("usn:", at: offset) {
        return true
      }
    }
    return false
  }

  /// MGCP, RFC 3435 §3.2: a verb of four letters or a code of three digits, then a transaction of 1–9 digits.
  private func isMGCP(_ bytes: Bytes) -> Bool {
    guard let space = bytes.firstIndex(of: 0x20, in: 0..<end), space == 3 || space == 4 else { return false }
    for index in 0..<space {
      guard space == 3 ? bytes[index].isDigitASCII : bytes[index] &- 0x41 < 26 else { return false }
    }
    var index = space + 1
    while index < end, bytes[index].isDigitASCII { index += 1 }
    guard 1...9 ~= index - space - 1 else { return false }
    let isAtWordEnd = index == end || bytes[index] == 0x20
    return isAtWordEnd && (space == 3 || hasVersion(bytes, after: index))
  }

  /// Whether the fourth word of a command is `MGCP`; a profile name may follow the version.
  private func hasVersion(_ bytes: Bytes, after index: Int) -> Bool {
    guard index + 1 < end, let space = bytes.firstIndex(of: 0x20, in: index + 1..<end) else { return false }
    return bytes.spellsIgnoringCase("mgcp ", at: space + 1)
  }
}
