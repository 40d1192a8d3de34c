import Events
import Foundation
import Synchronization
import TestCaptures
import Testing

@testable import Output

/// Outputs to Unix sockets, with readers that are quick, slow, away for a time, or never come.
@Suite struct SocketOutputTests {
  private let folder: TemporaryFolder
  private let path: String
  private let notes = Notes()
  private let start = ContinuousClock.now

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("socket")
  }

  private final class Notes {
    var texts: [String] = []
  }

  private func output(
    _ kind: OutputOptions.Kind, isLive: Bool, _ change: (inout SocketOutput.Limits) -> Void = { _ in }
  ) -> SocketOutput {
    var limits = SocketOutput.Limits()
    limits.queuedBytes = 100_000
    limits.patience = 20_000
    limits.farewell = 100
    change(&limits)
    let notes = notes
    return SocketOutput(OutputOptions(kind, path: path, types: []), isLive: isLive, limits: limits) {
      notes.texts.append($0)
    }
  }

  /// A line of some length that says its number.
  private static func line(_ number: Int, length: Int = 500) -> [UInt8] {
    let head = "{\"number\":\(number),\"text\":\""
    return Array((head + String(repeating: "x", count: max(0, length - head.count - 3)) + "\"}\n").utf8)
  }

  private static func numbers(_ bytes: [UInt8]) throws -> [Int] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      return try #require(object?["number"] as? Int)
    }
  }

  private func take(_ numbers: Range<Int>, _ output: SocketOutput) throws {
    for number in numbers { try output.take(Self.line(number).span, nil) }
  }

  /// A moment so many seconds after the start of the test.
  private func moment(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  // MARK: Where there is no hurry

  /// Reads on a thread of its own until a number of bytes came.
  private func collect(
    _ reader: @escaping @Sendable () throws -> UnixReader, bytes: Int, chunk: Int
  ) -> Collected {
    let collected = Collected()
    let thread = Thread {
      guard let reader = try? reader() else { return }
      while collected.bytes.withLock({ $0.count }) < bytes {
        let part = reader.read(chunk)
        if part.isEmpty { usleep(200) } else { collected.bytes.withLock { $0 += part } }
      }
      collected.done.signal()
    }
    thread.start()
    return collected
  }

  private final class Collected: Sendable {
    let bytes = Mutex<[UInt8]>([])
    let done = DispatchSemaphore(value: 0)
  }

  @Test func `a slow reader gets every line, whole and in order, and the input waits for it`() throws {
    let path = path
    let total = 3000 * 500
    let collected = collect({ try UnixReader(path) }, bytes: total, chunk: 7000)
    let output = output(.stream, isLive: false)
    for first in stride(from: 0, to: 3000, by: 100) {
      try take(first..<first + 100, output)
      try output.flush(at: nil)
    }
    try output.finish(at: nil)
    #expect(collected.done.wait(timeout: .now() + 30) == .success)
    #expect(try Self.numbers(collected.bytes.withLock { $0 }) == Array(0..<3000))
    #expect(output.counts.lines == 3000 && output.counts.lost == 0)
    #expect(notes.texts.isEmpty)
  }

  @Test func `a reader that comes late gets every line`() throws {
    let path = path
    let collected = collect(
      {
        usleep(300_000)
        return try UnixReader(path)
      }, bytes: 1000 * 500, chunk: 1 << 20)
    let output = output(.stream, isLive: false)
    // More than the queue has room for.
    try take(0..<1000, output)
    try output.flush(at: nil)
    #expect(collected.done.wait(timeout: .now() + 30) == .success)
    #expect(try Self.numbers(collected.bytes.withLock { $0 }) == Array(0..<1000))
  }

  @Test(arguments: [OutputOptions.Kind.stream, .datagrams, .syslog])
  func `when nobody ever reads the run fails with a remedy`(kind: OutputOptions.Kind) throws {
    let output = output(kind, isLive: false) { $0.patience = 100 }
    try take(0..<1, output)
    do throws(SinkError) {
      try output.flush(at: nil)
      Issue.record("nobody reads, and nothing is wrong")
    } catch {
      #expect(error.target == "output \(kind.rawValue) \(path)")
      #expect(error.cause == "No such file or directory")
      #expect(error.remedy.contains("start what reads it first, or take it out of log.outputs"))
    }
  }

  @Test func `a run that is told to end waits no longer than at the end`() throws {
    let notes = notes
    var limits = SocketOutput.Limits()
    limits.farewell = 100
    let options = OutputOptions(.stream, path: path, types: [])
    let output = SocketOutput(options, isLive: false, limits: limits, isStopped: { true }) {
      notes.texts.append($0)
    }
    try take(0..<1, output)
    let error = #expect(throws: SinkError.self) { try output.flush(at: nil) }
    #expect(error?.remedy.hasPrefix("nothing read it for 0 s") == true)
  }

  @Test func `when a reader stops reading the run fails, too`() throws {
    let reader = try UnixReader(path)
    let output = output(.stream, isLive: false) { $0.patience = 100 }
    let error = #expect(throws: SinkError.self) {
      try take(0..<5000, output)
      try output.flush(at: nil)
    }
    #expect(error?.cause == "its reader takes nothing")
    #expect(reader.readAll().count > 0)
  }

  @Test func `after a reader that went away the next one begins with a whole line`() throws {
    var reader: UnixReader? = try UnixReader(path)
    let output = output(.stream, isLive: true) { $0.queuedBytes = 4 << 20 }
    try output.flush(at: moment(0))
    try take(0..<6000, output)
    try output.flush(at: moment(0))
    // The kernel has no room for all, and most likely a part of a line.
    #expect(output.counts.lines < 6000)
    let first = reader?.readAll() ?? []
    reader = nil
    try output.flush(at: moment(1))
    reader = try UnixReader(path)
    var second: [UInt8] = []
    for time in 10..<30 {
      try output.flush(at: moment(time))
      second += reader?.readAll() ?? []
    }
    #expect(first.starts(with: Self.line(0)))
    let numbers = try Self.numbers(second)
    #expect(second.starts(with: Array("{\"number\":".utf8)))
    let begin = try #require(numbers.first)
    #expect(numbers == Array(begin..<begin + numbers.count))
    #expect(begin * 500 <= first.count)
  }

  // MARK: Live

  @Test func `live nothing waits: lines queue, then they are lost and counted, and it is told once`() throws {
    let output = output(.stream, isLive: true)
    for second in 0..<5 {
      try take(second * 100..<second * 100 + 100, output)
      try output.flush(at: moment(second))
    }
    #expect(output.counts.lines == 0)
    #expect(output.counts.lost == 300)
    #expect(
      notes.texts == [
        "output unix_stream \(path): No such file or directory; lines wait for a reader up to 97 KiB, then they are lost and counted in stats"
      ])
    // Looks were made at 0, 1 and 3 s; the next one is due at 7 s.
    let reader = try UnixReader(path)
    try output.flush(at: moment(6))
    #expect(output.counts.connections == 0)
    try output.flush(at: moment(7))
    #expect(try Self.numbers(reader.readAll()) == Array(0..<200))
    #expect(output.counts.lines == 200 && output.counts.connections == 1)
    #expect(notes.texts.count == 2)
    #expect(notes.texts.last == "output unix_stream \(path): is read again; 300 lines were lost")
  }

  @Test func `looks for a reader become rarer up to a bound, and begin anew after one was found`() throws {
    let output = output(.datagrams, isLive: true)
    var reader: UnixReader?
    /// Seconds at which a reader would be found.
    func looks(_ seconds: Range<Int>) throws -> [Int] {
      try seconds.filter { second in
        reader = try UnixReader(path, isStream: false)
        let before = output.counts.connections
        try FileManager.default.removeItem(atPath: path)
        try output.flush(at: moment(second))
        return output.counts.connections > before
      }
    }
    #expect(try looks(0..<100).isEmpty)
    #expect(notes.texts.count == 1)
    reader = try UnixReader(path, isStream: false)
    try output.flush(at: moment(130))
    #expect(output.counts.connections == 1)
    // It goes away; the second look is a second later, not half a minute.
    reader = nil
    try take(0..<1, output)
    try output.flush(at: moment(131))
    reader = try UnixReader(path, isStream: false)
    try output.flush(at: moment(132))
    #expect(output.counts.connections == 2)
    #expect(reader?.datagrams() == [String(decoding: Self.line(0), as: UTF8.self)])
    #expect(notes.texts.map { $0.contains("is read again") } == [false, true, false, true])
  }

  @Test func `live a slow reader loses whole lines only, and each is counted`() throws {
    let reader = try UnixReader(path)
    let output = output(.stream, isLive: true)
    var round = 0
    // As much as the kernel has room for, and half a megabyte more.
    while output.counts.lost < 1000 {
      try take(round * 100..<round * 100 + 100, output)
      try output.flush(at: moment(round))
      round += 1
    }
    #expect(notes.texts.count == 1 && notes.texts[0].contains("lines come faster than they are read"))
    var bytes: [UInt8] = []
    for second in round..<round + 10 {
      bytes += reader.readAll()
      try output.flush(at: moment(second))
    }
    bytes += reader.readAll()
    let numbers = try Self.numbers(bytes)
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    #expect(UInt64(numbers.count) == output.counts.lines)
    #expect(output.counts.lines + output.counts.lost == UInt64(round) * 100)
    #expect(notes.texts.count == 2)
  }

  @Test func `at the end what nobody took is counted and told`() throws {
    let output = output(.stream, isLive: true)
    try take(0..<10, output)
    try output.flush(at: moment(0))
    try output.finish(at: moment(1))
    #expect(output.counts.lost == 10)
    #expect(notes.texts.last == "output unix_stream \(path): 10 lines were lost in all")
  }

  // MARK: Messages

  @Test(arguments: [false, true])
  func `a datagram is a line, and one that is too long is counted and holds nothing up`(isLive: Bool) throws {
    let reader = try UnixReader(path, isStream: false)
    let output = output(.datagrams, isLive: isLive)
    try output.take(Self.line(1).span, nil)
    try output.flush(at: isLive ? moment(0) : nil)
    try output.take(Self.line(2, length: 4_000_000).span, nil)
    try output.flush(at: isLive ? moment(0) : nil)
    try output.take(Self.line(3).span, .high)
    try output.flush(at: isLive ? moment(0) : nil)
    #expect(reader.datagrams() == [1, 3].map { String(decoding: Self.line($0), as: UTF8.self) })
    try output.finish(at: isLive ? moment(0) : nil)
    #expect(output.counts.tooLong == 1 && output.counts.lines == 2 && output.counts.lost == 0)
    #expect(
      notes.texts == ["output unix_dgram \(path): 1 line was longer than a message may be, and not sent"])
  }

  @Test func `a message of the system log has priority, program and process before the event`() throws {
    let reader = try UnixReader(path, isStream: false)
    var options = OutputOptions(.syslog, path: path, types: [])
    options.syslog.facility = 4
    options.syslog.level = 7
    options.syslog.identity = "rw"
    let output = SocketOutput(options, isLive: false) { _ in }
    let line = Array("{\"a\":1}\n".utf8)
    for severity in [nil, .high, .medium, .low, .info] as [Severity?] { try output.take(line.span, severity) }
    try output.flush(at: nil)
    #expect(
      reader.datagrams() == [39, 34, 36, 37, 38].map { "<\($0)>rw[\(getpid())]: {\"a\":1}" })
  }

  @Test func `names of the system log are those of its protocol`() {
    #expect(SyslogOptions.facilities.count == 24)
    #expect(SyslogOptions.facilities.firstIndex(of: "local5") == 21)
    #expect(SyslogOptions.levels.firstIndex(of: "info") == 6)
    #expect(SyslogOptions().header(nil, process: 7) == "<174>ringwatch[7]: ")
    for name in ["", "a b", "a[", "a:", "ä", String(repeating: "a", count: 49)] {
      #expect(!SyslogOptions.isIdentity(name))
    }
    #expect(SyslogOptions.isIdentity("ringwatch-1"))
  }

  // MARK: Queue

  @Test(arguments: [UInt64(1), 2, 3]) func `a queue is a list with a bound`(seed: UInt64) {
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var queue = LineQueue(capacity: 1000)
    var model: [[UInt8]] = []
    for number in 0..<4000 {
      if random(5) < 3 {
        let line = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 1 + random(120))
        let header = [UInt8](repeating: 7, count: random(3))
        let size = model.reduce(0) { $0 + $1.count } + header.count + line.count
        let isTaken = queue.append(header, line.span)
        #expect(isTaken == (model.isEmpty || size <= 1000))
        if isTaken { model.append(header + line) }
      } else if !model.isEmpty {
        queue.removeFirst()
        model.removeFirst()
      }
      #expect(Array(queue.front) == model.first ?? [] && queue.count == model.count)
      #expect(queue.frontLength == model.first?.count ?? 0)
      let (offset, limit) = (random(50), random(400))
      #expect(
        queue.bytes(from: offset, upTo: limit).elementsEqual(model.joined().dropFirst(offset).prefix(limit)))
    }
  }
}
