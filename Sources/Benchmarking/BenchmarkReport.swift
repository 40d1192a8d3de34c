internal import Foundation

/// Results with what they were measured on.
public struct BenchmarkReport: Codable, Sendable {
  /// The name of the processor.
  public var processor: String
  /// Its cores.
  public var cores: Int
  /// The system and its kernel.
  public var kernel: String
  /// What was measured, in order.
  public var results: [BenchmarkResult]

  /// Results of this machine.
  public init(_ results: [BenchmarkResult]) {
    let model = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
    processor = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    cores = ProcessInfo.processInfo.activeProcessorCount
    kernel = ProcessInfo.processInfo.operatingSystemVersionString
    self.results = results
  }

  /// The report as JSON.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// A table for people; builds behind the first are compared with it.
  public var text: String {
    var text = "\(processor), \(cores) cores, \(kernel)\n"
    var (work, first): (String?, BenchmarkResult?) = (nil, nil)
    for result in results {
      if result.work != work { text += "\n\(result.work)\n\(Self.head)\n" }
      let isOther = result.work == first?.work && result.name == first?.name
      if !isOther { first = result }
      work = result.work
      text += Self.line(result, comparedWith: isOther ? first : nil) + "\n"
    }
    return text
  }

  private static let head =
    padded("", 24)
    + ["packets", "CPU s", "median", "wall s", "ns/packet", "instr/packet", "MiB"]
    .map { leading($0, 13) }.joined()

  private static func line(_ result: BenchmarkResult, comparedWith first: BenchmarkResult?) -> String {
    let name = first == nil ? result.name : "  other build"
    var line = padded(name, 24)
    line += leading("\(result.packets)", 13) + leading(decimal(result.leastCPU, 3), 13)
    line += leading(decimal(result.medianCPU, 3), 13) + leading(decimal(result.medianWall, 3), 13)
    line += leading(decimal(result.nanosecondsPerPacket, 0), 13)
    line += leading(result.instructionsPerPacket.map { decimal($0, 0) } ?? "-", 13)
    line += leading(decimal(Double(result.residentBytes) / 1_048_576, 1), 13)
    guard let first else { return line }
    return line + "  ×" + decimal(result.leastCPU / max(first.leastCPU, 1e-9), 3)
  }

  private static func decimal(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func leading(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
