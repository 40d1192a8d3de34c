internal import Crypto

/// Digest authentication as SIP uses it: RFC 3261 §22, RFC 8760.
struct DigestCredentials {
  /// The hash of a challenge.
  enum Algorithm: String, Sendable {
    case md5 = "MD5"
    case sha256 = "SHA-256"
  }

  let username: String
  let password: String

  /// The value of WWW-Authenticate or Proxy-Authenticate.
  static func challenge(realm: String, nonce: String, _ algorithm: Algorithm, stale: Bool = false) -> String {
    "Digest realm=\"\(realm)\", nonce=\"\(nonce)\", algorithm=\(algorithm.rawValue), qop=\"auth\""
      + (stale ? ", stale=true" : "")
  }

  /// The value of Authorization or Proxy-Authorization that answers it.
  func authorization(
    realm: String, nonce: String, _ algorithm: Algorithm, method: String, uri: String, cnonce: String,
    count: Int = 1
  ) -> String {
    let digits = String(count, radix: 16)
    let nonceCount = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    let secret = Self.hash("\(username):\(realm):\(password)", algorithm)
    let target = Self.hash("\(method):\(uri)", algorithm)
    let response = Self.hash("\(secret):\(nonce):\(nonceCount):\(cnonce):auth:\(target)", algorithm)
    return "Digest username=\"\(username)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
      + "response=\"\(response)\", algorithm=\(algorithm.rawValue), cnonce=\"\(cnonce)\", qop=auth, "
      + "nc=\(nonceCount)"
  }

  /// The value for a challenge without `qop`, as old tools write it: RFC 2069.
  func plainAuthorization(realm: String, nonce: String, method: String, uri: String) -> String {
    let secret = Self.hash("\(username):\(realm):\(password)", .md5)
    let target = Self.hash("\(method):\(uri)", .md5)
    let response = Self.hash("\(secret):\(nonce):\(target)", .md5)
    return "Digest username=\"\(username)\",realm=\"\(realm)\",nonce=\"\(nonce)\",uri=\"\(uri)\","
      + "response=\"\(response)\",algorithm=MD5"
  }

  /// The hexadecimal hash of a text.
  static func hash(_ text: String, _ algorithm: Algorithm) -> String {
    switch algorithm {
    case .md5: hexadecimal(Insecure.MD5.hash(data: Array(text.utf8)))
    case .sha256: hexadecimal(SHA256.hash(data: Array(text.utf8)))
    }
  }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
      for digit in [byte >> 4, byte & 0xf] { text.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
