internal import Packets

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Captures from network interfaces, and listens for HEP, until it is stopped.
///
/// Interfaces and listeners are read in turn, so a busy one does not starve another. Reading never blocks
/// longer than the time-out: libpcap's own time-out does not fire on an idle Linux ring.
public struct LiveCapture: FrameSource, ~Copyable {
  /// The interfaces' names, then the endpoints of HEP.
  public let inputNames: [String]
  /// Milliseconds that a read waits for the first frame.
  public var timeoutMilliseconds: Int32 = 100
  private let stop: StopFlag
  private var interfaces: [LiveInterface] = []
  private var listener: HEPListener
  private var waiting: [pollfd] = []
  private var turn = 0
  private var frameCount: UInt64 = 0
  private var closed = CaptureStatistics()

  /// Opens all interfaces and endpoints and starts to capture; throws for the first that cannot be opened.
  public init(_ options: LiveCaptureOptions, stop: StopFlag) throws(CaptureError) {
    inputNames = options.inputNames
    self.stop = stop
    for (index, name) in options.interfaces.enumerated() {
      interfaces.append(try LiveInterface(name, index: UInt16(clamping: index), options: options))
    }
    listener = try HEPListener(options.hep, firstIndex: options.interfaces.count)
  }

  /// Opens one of several captures that share the frames of the interfaces; the first of them listens for HEP.
  ///
  /// Throws also where the kernel cannot share an interface.
  public init(
    _ options: LiveCaptureOptions, stop: StopFlag, sharing groups: inout SharingGroups
  ) throws(CaptureError) {
    let isFirst = groups.identities.isEmpty
    inputNames = options.inputNames
    self.stop = stop
    for (index, name) in options.interfaces.enumerated() {
      let interface = try LiveInterface(name, index: UInt16(clamping: index), options: options)
      let group = try interface.share(in: isFirst ? nil : groups.identities[index])
      if isFirst { groups.identities.append(group) }
      // What the interface itself drops is the same number for all of them.
      interface.countsInterfaceDrops = isFirst
      // What it saw as yet the members before have, too.
      if !isFirst { interface.begin = .now }
      interfaces.append(interface)
    }
    var hep = options.hep
    if !isFirst { hep.endpoints = [] }
    listener = try HEPListener(hep, firstIndex: options.interfaces.count)
  }

  /// Gives what is waiting, at most `limit` frames; waits once when there is nothing, `timeoutMilliseconds` at most.
  public mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState {
    guard !stop.isRaised, !interfaces.isEmpty || listener.isOpen else { return .ended }
    if try drain(upTo: limit, visitor: &visitor) > 0 { return .more }
    waiting.removeAll(keepingCapacity: true)
    for interface in interfaces {
      waiting.append(pollfd(fd: interface.descriptor, events: Int16(POLLIN), revents: 0))
    }
    listener.appendDescriptors(to: &waiting)
    // Safety: the array has as many entries as are announced. An interrupting signal ends the wait early.
    _ = unsafe poll(&waiting, nfds_t(waiting.count), timeoutMilliseconds)
    guard !stop.isRaised else { return .ended }
    return try drain(upTo: limit, visitor: &visitor) > 0 ? .more : .idle
  }

  /// A live capture has no end that is known.
  public var fractionRead: Double? { nil }

  /// Counts of the kernel since the start, summed over the interfaces, and those of the listeners.
  public var statistics: CaptureStatistics {
    var sum = interfaces.reduce(closed) { $0 + $1.statistics() }
    sum.hep = listener.statistics
    return sum
  }

  /// Names of the interfaces that can be captured from.
  public static func availableInterfaces() -> [String] {
    LiveInterface.availableInterfaces()
  }

  /// Gives what is waiting, at most an equal share of the limit from each interface and from all listeners
  /// together; returns how many.
  private mutating func drain<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> Int {
    let share = max(1, limit / (interfaces.count + (listener.isOpen ? 1 : 0)))
    var given = listener.isOpen ? try listener.drain(upTo: share, number: &frameCount, visitor: &visitor) : 0
    for _ in interfaces.indices {
      turn = (turn + 1) % interfaces.count
      var remaining = min(share, limit - given)
      while remaining > 0, !visitor.isFull, let frame = unsafe try next(turn) {
        var header = interfaces[turn].header
        frameCount += 1
        header.number = frameCount
        unsafe visitor.visit(frame.span, header)
        remaining -= 1
        given += 1
      }
    }
    return given
  }

  /// The next frame of one interface; one that fails is closed.
  private mutating func next(_ index: Int) throws(CaptureError) -> UnsafeBufferPointer<UInt8>? {
    do throws(CaptureError) {
      return unsafe try interfaces[index].next()
    } catch {
      closed = closed + interfaces[index].statistics()
      interfaces.remove(at: index)
      throw error
    }
  }
}
