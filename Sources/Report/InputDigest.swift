internal import Crypto
internal import Foundation

/// Digests of files, so that a report says which bytes it is about.
public enum InputDigest {
  /// SHA-256 of a file in hexadecimal digits, and its size; nil when it cannot be read to its end.
  public static func sha256(ofFile path: String) -> (digest: String, size: Int)? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var hash = SHA256()
    var size = 0
    do {
      while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
        hash.update(data: chunk)
        size += chunk.count
      }
    } catch {
      return nil
    }
    return (hexadecimal(hash.finalize()), size)
  }

  /// SHA-256 of a text in Base64, as Content Security Policy wants it.
  static func base64(of text: String) -> String {
    Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }

  private static func hexadecimal(_ digest: SHA256Digest) -> String {
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
