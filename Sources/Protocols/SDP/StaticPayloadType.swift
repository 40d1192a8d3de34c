/// The payload types that need no rtpmap (RFC 3551 §6).
public enum StaticPayloadType {
  /// Encoding name and clock rate in Hz, or nil for an unassigned or dynamic number.
  public static func encoding(_ payloadType: UInt8) -> (name: StaticString, clockRate: UInt32)? {
    switch payloadType {
    case 0: ("PCMU", 8000)
    case 3: ("GSM", 8000)
    case 4: ("G723", 8000)
    case 5: ("DVI4", 8000)
    case 6: ("DVI4", 16_000)
    case 7: ("LPC", 8000)
    case 8: ("PCMA", 8000)
    case 9: ("G722", 8000)
    case 10, 11: ("L16", 44_100)
    case 12: ("QCELP", 8000)
    case 13: ("CN", 8000)
    case 14: ("MPA", 90_000)
    case 15: ("G728", 8000)
    case 16: ("DVI4", 11_025)
    case 17: ("DVI4", 22_050)
    case 18: ("G729", 8000)
    case 25: ("CelB", 90_000)
    case 26: ("JPEG", 90_000)
    case 28: ("nv", 90_000)
    case 31: ("H261", 90_000)
    case 32: ("MPV", 90_000)
    case 33: ("MP2T", 90_000)
    case 34: ("H263", 90_000)
    default: nil
    }
  }
}
