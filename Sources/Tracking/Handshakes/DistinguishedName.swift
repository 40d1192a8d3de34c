internal import Packets
internal import Protocols
internal import Values

/// The text of a certificate's name, in the order and with the short names of Suricata's log.
enum DistinguishedName {
  /// For example `C=DE, O=Example, CN=sip.example.com`; attributes without a short name are left out.
  static func text(of name: X509Certificate.Name, in bytes: Bytes) -> [UInt8] {
    var text: [UInt8] = []
    var attributes = X509NameAttributes(name, in: bytes)
    while let attribute = attributes.next(in: bytes) {
      guard let label = label(of: attribute.type) else { continue }
      if !text.isEmpty { text += ", ".utf8 }
      text += label.description.utf8
      text.append(UInt8(ascii: "="))
      for index in attribute.text.range { text.append(bytes[index]) }
    }
    return text
  }

  /// RFC 4514 §3 and, for the others, the usual names.
  private static func label(of type: UInt8) -> StaticString? {
    switch type {
    case 3: "CN"
    case 4: "SN"
    case 5: "serialNumber"
    case 6: "C"
    case 7: "L"
    case 8: "ST"
    case 9: "street"
    case 10: "O"
    case 11: "OU"
    case 12: "title"
    case 42: "GN"
    default: nil
    }
  }
}
