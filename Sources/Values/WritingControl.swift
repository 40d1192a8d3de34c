/// Characters that a text from the wire must not bring to a terminal, a log or a page as they are.
public enum WritingControl {
  /// Whether the Unicode scalar of a value controls a terminal, breaks a line or turns the direction of writing.
  public static func includes(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
  }
}
