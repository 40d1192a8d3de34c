internal import Values

/// Writes compact JSON text; the caller keeps the structure right.
public struct JSONText {
  /// What was written so far.
  public private(set) var text = ""
  private var needsComma = false

  /// Nothing written.
  public init() {}

  /// Writes an object around what the closure writes.
  public mutating func object(_ key: String? = nil, _ content: (inout JSONText) -> Void) {
    open(key, "{")
    content(&self)
    close("}")
  }

  /// Writes an array around what the closure writes.
  public mutating func array(_ key: String? = nil, _ content: (inout JSONText) -> Void) {
    open(key, "[")
    content(&self)
    close("]")
  }

  /// Writes a text.
  public mutating func string(_ key: String? = nil, _ value: String) {
    begin(key)
    appendQuoted(value)
  }

  /// Writes a number.
  public mutating func number(_ key: String? = nil, _ value: Int) {
    begin(key)
    text += "\(value)"
  }

  /// Writes a number with decimals, in the shortest form that reads back as the same; it has to be finite.
  public mutating func decimal(_ key: String? = nil, _ value: Double) {
    begin(key)
    text += "\(value)"
  }

  /// Writes `true` or `false`.
  public mutating func boolean(_ key: String? = nil, _ value: Bool) {
    begin(key)
    text += value ? "true" : "false"
  }

  private mutating func begin(_ key: String?) {
    if needsComma { text += "," }
    needsComma = true
    guard let key else { return }
    appendQuoted(key)
    text += ":"
  }

  private mutating func open(_ key: String?, _ bracket: String) {
    begin(key)
    text += bracket
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    text += bracket
    needsComma = true
  }

  private mutating func appendQuoted(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case _ where WritingControl.includes(scalar.value):
        let hexadecimal = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
