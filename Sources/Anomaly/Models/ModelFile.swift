/// The file of a trained model: everything a detector remembers.
///
/// Eight bytes `RWMODEL\0`, the version (32 bits), the sections (each four letters and its length in 64
/// bits), and the CRC-64/XZ of all that is before it. All numbers are little-endian. The sections stand in
/// this order: `DETR` hours and counters, `BASE` entities and groups, `DAYR` rows of the last day, `HOUR` the
/// hour that has begun, `CALF` calibration of the features, `CALD` calibration of the days, `FROZ` the frozen model that was asked
/// beside the learning one, if any.
public enum ModelFile {
  /// The version that is written and read.
  public static let version: UInt32 = 2
  private static let magic = Array("RWMODEL\0".utf8)

  /// The model of a detector.
  public static func bytes(of detector: SurpriseDetector) -> [UInt8] {
    var file = ModelWriter()
    file.append(magic)
    file.write(version)
    add("DETR", to: &file) { detector.writeCounters(&$0) }
    add("BASE", to: &file) { detector.baseline.write(to: &$0) }
    add("DAYR", to: &file) { detector.dayRows.write(to: &$0) }
    add("HOUR", to: &file) { writer in
      detector.census.write(to: &writer)
      detector.lessons.write(to: &writer)
    }
    add("CALF", to: &file) { detector.features.write(to: &$0) }
    add("CALD", to: &file) { detector.days.write(to: &$0) }
    add("FROZ", to: &file) { writer in
      writer.write(detector.frozen != nil)
      guard let frozen = detector.frozen else { return }
      writer.write(Int64(frozen.hour))
      frozen.write(to: &writer)
    }
    file.write(Checksum.of(file.bytes[...]))
    return file.bytes
  }

  /// A detector that goes on where the model's ended.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - options: How it goes on; limits under what the model holds are raised to it.
  ///   - keepsFrozen: Whether the model as it was trained is asked beside the one that learns on.
  public static func detector(
    from bytes: [UInt8], options: SurpriseOptions = SurpriseOptions(), keepsFrozen: Bool = true
  ) throws(ModelError) -> SurpriseDetector {
    let header = magic.count + 4
    guard bytes.count >= header, Array(bytes[..<magic.count]) == magic else { throw .notAModel }
    var start = ModelReader(bytes, from: magic.count, to: header)
    let found = try start.integer(UInt32.self)
    guard found == version else { throw .unknownVersion(found) }
    guard bytes.count >= header + 8 else { throw .damaged }
    let end = bytes.count - 8
    var trailer = ModelReader(bytes, from: end, to: bytes.count)
    guard try trailer.integer(UInt64.self) == Checksum.of(bytes[..<end]) else { throw .damaged }
    var reader = ModelReader(bytes, from: header, to: end)
    var detector = SurpriseDetector(options: options)
    try detector.restore(from: &reader)
    guard reader.remaining == 0 else { throw .inconsistent("there is something after its end") }
    if keepsFrozen, detector.frozen == nil { detector.freezeCopy() }
    if !keepsFrozen { detector.frozen = nil }
    return detector
  }

  /// Checks that a section begins here.
  static func expect(_ name: String, _ reader: inout ModelReader) throws(ModelError) {
    for letter in name.utf8 {
      guard try reader.integer(UInt8.self) == letter else {
        throw .inconsistent("section \(name) is missing")
      }
    }
    let length = try reader.integer(UInt64.self)
    guard length <= UInt64(reader.remaining) else { throw .inconsistent("section \(name) is cut") }
  }

  private static func add(_ name: String, to file: inout ModelWriter, _ body: (inout ModelWriter) -> Void) {
    var section = ModelWriter()
    body(&section)
    file.append(Array(name.utf8))
    file.write(UInt64(section.bytes.count))
    file.append(section.bytes)
  }
}
