internal import Packets
internal import Values

/// Reads capture files: pcap in all variants and pcapng, gzip-compressed or not, from paths, standard
/// input or whoever gives their bytes, several of them merged by time.
///
/// Among frames of the same time, the file named first comes first. Frames of one file that stand up to a second behind
/// later ones are put in order; where its clock jumps further back the order is kept. `FrameHeader.interface` is the
/// index of the path. Frames of a single file have the numbers that they have in it, among those that the filter accepts.
public struct PcapReader: FrameSource, ~Copyable {
  /// The paths as they were given; `-` is standard input.
  public let inputNames: [String]
  /// Open files, by a heap on the time of their current frame.
  private var files: [CaptureFile] = []
  private var pending: [CaptureError] = []
  private var frameCount: UInt64 = 0
  private var finishedFrames: UInt64 = 0
  private var finishedLosses: UInt64 = 0
  /// Bytes of all files, as they are on the disk; nil when one of them is a pipe.
  public let totalBytes: Int?
  private var finishedBytes = 0
  /// Whether the first file stands on a frame that was given, since its next one was not there.
  private var isWaiting = false
  private let stop: StopFlag

  /// Opens all files and reads their first frames.
  ///
  /// Throws when no file can be opened, and for a filter (pcap-filter(7)) that is not accepted. Where some
  /// files can be opened, the errors of the others come when those are read.
  ///
  /// - Parameter stop: ends the waiting for a pipe, which may have nothing to say for long.
  public init(
    _ paths: [String], filter: String? = nil, stop: StopFlag = StopFlag()
  ) throws(CaptureError) {
    inputNames = paths
    self.stop = stop
    var total: Int? = 0
    for (index, path) in paths.enumerated() {
      guard index <= UInt16.max else {
        throw CaptureError(input: path, cause: "more than 65536 files", remedy: "merge some of them first")
      }
      do throws(CaptureError) {
        let file = try CaptureFile.open(path, index: UInt16(index), filter: filter, stop: stop)
        total = total.flatMap { sum in file.input.size.map { sum + $0 } }
        files.append(file)
      } catch {
        guard !error.isRefusedFilter else { throw error }
        pending.append(error)
      }
    }
    if files.isEmpty, let error = pending.first { throw error }
    totalBytes = total
    startFiles()
  }

  /// Opens a capture that is given piece by piece, and reads its first frame.
  ///
  /// - Parameter name: what it is called in messages.
  public init(_ pieces: CapturePieces, name: String) throws(CaptureError) {
    inputNames = [name]
    stop = StopFlag()
    totalBytes = nil
    files = [try CaptureFile.open(CompressedInput(pieces), name, index: 0, filter: nil)]
    startFiles()
  }

  private mutating func startFiles() {
    for file in files { start(file) }
    files.removeAll { !$0.isOpen }
    for index in stride(from: files.count / 2 - 1, through: 0, by: -1) { siftDown(from: index) }
  }

  /// Gives the next frames in the order of time; throws the error of a file that breaks off, once.
  ///
  /// Where the file says that packets were lost, it stops before the frame behind the gap, so that
  /// `statistics` tells of the loss at its place. It also stops before it waits for a pipe, so that what was given
  /// can be written first.
  public mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState {
    if isWaiting, let file = files.first {
      isWaiting = false
      let lost = file.framesLost
      try moveOn(file)
      if file.framesLost != lost { return files.isEmpty ? .ended : .more }
    }
    var remaining = limit
    while remaining > 0, let file = files.first {
      remaining -= 1
      frameCount += 1
      if inputNames.count > 1 { file.header.number = frameCount }
      // Safety: the frame's memory belongs to the file and stays in place until it moves on.
      unsafe visitor.visit(file.frame.span, file.header)
      isWaiting = file.mustWait
      guard !isWaiting else { return .waiting }
      let lost = file.framesLost
      try moveOn(file)
      if file.framesLost != lost || visitor.isFull { break }
    }
    if files.isEmpty, !pending.isEmpty { throw pending.removeFirst() }
    return files.isEmpty ? .ended : .more
  }

  /// Why none of the inputs gives a single frame, of the first one; nil once a frame is there, and for inputs that hold
  /// none and are sound.
  public var failureOfAll: CaptureError? {
    guard files.isEmpty, pending.count == inputNames.count, let error = pending.first,
      error.lastFrame ?? 0 == 0
    else { return nil }
    return error
  }

  /// Part of the files' bytes that was read; nil when one of them is a pipe.
  public var fractionRead: Double? {
    guard let totalBytes, totalBytes > 0 else { return nil }
    let read = files.reduce(finishedBytes) { $0 + $1.input.offset }
    return min(1, Double(read) / Double(totalBytes))
  }

  /// Frames read before the filter, and those that the capture lost as far as the files tell.
  public var statistics: CaptureStatistics {
    var sum = CaptureStatistics()
    sum.received = files.reduce(finishedFrames) { $0 + $1.framesRead }
    sum.droppedByKernel = files.reduce(finishedLosses) { $0 &+ $1.framesLost }
    return sum
  }

  /// Moves the first file to its next frame and restores the order; drops it at its end.
  private mutating func moveOn(_ file: CaptureFile) throws(CaptureError) {
    do throws(CaptureError) {
      if try file.advance() {
        if files.count > 1 { siftDown(from: 0) }
        return
      }
    } catch {
      finish(file)
      // A stop cuts a pipe wherever it is; that is no fault of the input.
      if !stop.isRaised { throw error }
      return
    }
    finish(file)
  }

  private mutating func finish(_ file: CaptureFile) {
    account(file)
    files.swapAt(0, files.count - 1)
    files.removeLast()
    siftDown(from: 0)
  }

  private mutating func account(_ file: CaptureFile) {
    finishedFrames += file.framesRead
    finishedLosses &+= file.framesLost
    finishedBytes += file.input.size ?? 0
  }

  /// Stands a file on its first frame; its error waits until the other files were read.
  private mutating func start(_ file: CaptureFile) {
    do throws(CaptureError) {
      if try file.advance() { return }
    } catch {
      if !stop.isRaised { pending.append(error) }
    }
    account(file)
    file.isOpen = false
  }

  private mutating func siftDown(from start: Int) {
    var index = start
    while true {
      var first = index
      for child in [2 * index + 1, 2 * index + 2] where child < files.count {
        if comesBefore(files[child], files[first]) { first = child }
      }
      guard first != index else { return }
      files.swapAt(first, index)
      index = first
    }
  }

  private func comesBefore(_ left: CaptureFile, _ right: CaptureFile) -> Bool {
    if left.header.timestamp != right.header.timestamp {
      return left.header.timestamp < right.header.timestamp
    }
    return left.header.interface < right.header.interface
  }
}
