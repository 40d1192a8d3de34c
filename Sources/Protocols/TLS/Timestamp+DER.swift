internal import Packets
internal import Values

extension Timestamp {
  /// The instant of a UTCTime or GeneralizedTime in the only forms that RFC 5280 §4.1.2.5 allows:
  /// `YYMMDDHHMMSSZ` (years 1950–2049) and `YYYYMMDDHHMMSSZ`.
  init?(der bytes: Bytes, _ element: DERReader.Element) {
    let digits = element.tag == DERReader.utcTime ? 12 : 14
    guard element.tag == DERReader.utcTime || element.tag == DERReader.generalizedTime,
      element.content.count == digits + 1, element.content.end <= bytes.count,
      bytes[element.content.end - 1] == UInt8(ascii: "Z")
    else { return nil }
    var number: Int64 = 0
    for offset in element.content.start..<element.content.end - 1 {
      guard bytes[offset].isDigitASCII else { return nil }
      number = number * 10 + Int64(bytes[offset] - 0x30)
    }
    let time = Int(number % 1_000_000)
    let date = Int(number / 1_000_000)
    var year = date / 10_000
    if digits == 12 { year += year < 50 ? 2000 : 1900 }
    let (month, day) = (date / 100 % 100, date % 100)
    let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100)
    guard 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second < 61 else { return nil }
    let days = CivilTime.daysSinceEpoch(year: year, month: month, day: day)
    let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    self.init(seconds: seconds, nanoseconds: 0)
  }
}
