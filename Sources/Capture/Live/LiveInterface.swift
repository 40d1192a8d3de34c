internal import CPcap
internal import Packets
internal import Values

#if canImport(Glibc)
  internal import Glibc
#endif

/// One network interface opened for capture.
@safe final class LiveInterface {
  let name: String
  let descriptor: Int32
  private let handle: OpaquePointer
  private(set) var header: FrameHeader
  private(set) var framesRead: UInt64 = 0
  private let nanosecondsPerTick: Int64
  private var lastStatistics = pcap_stat()
  private var total = CaptureStatistics()
  /// Frames that were captured before are not given.
  var begin = Timestamp(nanoseconds: .min)
  /// Whether the counts have what the interface dropped, beside what the kernel did.
  var countsInterfaceDrops = true

  init(_ name: String, index: UInt16, options: LiveCaptureOptions) throws(CaptureError) {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let created = unsafe pcap_create(name, &text) else {
      throw CaptureError(
        input: name, cause: String(nulTerminated: text), remedy: "see the interfaces: ip link")
    }
    unsafe handle = created
    do throws(CaptureError) {
      try unsafe Self.activate(created, name: name, options)
      try unsafe Self.setFilter(created, name: name, options.filter)
    } catch {
      unsafe pcap_close(created)
      throw error
    }
    self.name = name
    unsafe pcap_setnonblock(created, 1, &text)
    descriptor = unsafe pcap_get_selectable_fd(created)
    let isNano = unsafe pcap_get_tstamp_precision(created) == PCAP_TSTAMP_PRECISION_NANO
    nanosecondsPerTick = isNano ? 1 : 1000
    header = FrameHeader(
      timestamp: Timestamp(nanoseconds: 0), number: 0, originalLength: 0,
      linkType: LinkType(rawValue: unsafe pcap_datalink(created)), interface: index)
  }

  deinit {
    // Safety: created in the initialiser, closed once.
    unsafe pcap_close(handle)
  }

  /// The next frame that is waiting, or nil. It is valid until the next call.
  func next() throws(CaptureError) -> UnsafeBufferPointer<UInt8>? {
    while let frame = unsafe try nextOfAll() {
      if header.timestamp >= begin { return unsafe frame }
    }
    return nil
  }

  private func nextOfAll() throws(CaptureError) -> UnsafeBufferPointer<UInt8>? {
    var found: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    // Safety: both pointers are valid until the next call on this handle.
    let status = unsafe pcap_next_ex(handle, &found, &bytes)
    guard status >= 0 else {
      throw CaptureError(
        input: name, lastFrame: framesRead, cause: unsafe String(cString: pcap_geterr(handle)),
        remedy: "check the interface (ip link show \(name)) and start again")
    }
    guard status == 1, let found = unsafe found, let bytes = unsafe bytes else { return nil }
    framesRead += 1
    let time = unsafe found.pointee.ts
    header.timestamp = Timestamp(
      seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_usec) * nanosecondsPerTick)
    header.originalLength = Int(unsafe found.pointee.len)
    return unsafe UnsafeBufferPointer(start: bytes, count: Int(found.pointee.caplen))
  }

  /// Counts since the start. libpcap's 32-bit counters wrap; the differences are summed.
  func statistics() -> CaptureStatistics {
    var now = pcap_stat()
    guard unsafe pcap_stats(handle, &now) == 0 else { return total }
    total.received += UInt64(now.ps_recv &- lastStatistics.ps_recv)
    total.droppedByKernel += UInt64(now.ps_drop &- lastStatistics.ps_drop)
    if countsInterfaceDrops {
      total.droppedByInterface += UInt64(now.ps_ifdrop &- lastStatistics.ps_ifdrop)
    }
    lastStatistics = now
    return total
  }

  private static func activate(
    _ handle: OpaquePointer, name: String, _ options: LiveCaptureOptions
  ) throws(CaptureError) {
    unsafe pcap_set_snaplen(handle, Int32(clamping: options.snapLength))
    unsafe pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
    unsafe pcap_set_timeout(handle, Int32(clamping: options.batchDelayMilliseconds))
    unsafe pcap_set_buffer_size(handle, Int32(clamping: options.bufferSize))
    unsafe pcap_set_immediate_mode(handle, 0)
    // Where nanoseconds are not to be had, microseconds stay; the precision is asked for later.
    unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let status = unsafe pcap_activate(handle)
    guard status < 0 else { return }
    throw unsafe activationError(status, handle, name: name)
  }

  private static func setFilter(
    _ handle: OpaquePointer, name: String, _ expression: String?
  ) throws(CaptureError) {
    guard let expression else { return }
    var program = unsafe bpf_program()
    // Safety: the program is compiled, installed (libpcap copies it) and freed here.
    guard unsafe pcap_compile(handle, &program, expression, 1, bpf_u_int32.max) == 0 else {
      throw FrameFilter.error(expression, input: name, cause: unsafe String(cString: pcap_geterr(handle)))
    }
    defer { unsafe pcap_freecode(&program) }
    guard unsafe pcap_setfilter(handle, &program) == 0 else {
      throw FrameFilter.error(expression, input: name, cause: unsafe String(cString: pcap_geterr(handle)))
    }
  }

  private static func activationError(
    _ status: Int32, _ handle: OpaquePointer, name: String
  ) -> CaptureError {
    let detail = unsafe String(cString: pcap_geterr(handle))
    let meaning = unsafe String(cString: pcap_statustostr(status))
    let remedy =
      switch status {
      case PCAP_ERROR_NO_SUCH_DEVICE: "there are: \(availableInterfaces().joined(separator: ", "))"
      case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
        "run as root or grant CAP_NET_RAW (setcap cap_net_raw+ep on the program)"
      case PCAP_ERROR_IFACE_NOT_UP: "bring it up: ip link set \(name) up"
      default: "check the interface: ip link show \(name)"
      }
    return CaptureError(input: name, cause: cause(meaning, detail: detail, name: name), remedy: remedy)
  }

  /// The meaning of a status with the detail that libpcap adds, which often repeats name and meaning.
  static func cause(_ meaning: String, detail: String, name: String) -> String {
    var rest = Substring(detail)
    if rest.hasPrefix(name + ": ") { rest = rest.dropFirst(name.count + 2) }
    guard rest.hasPrefix(meaning) else { return rest.isEmpty ? meaning : "\(meaning): \(rest)" }
    return String(rest)
  }

  /// Names of the interfaces that can be captured from.
  static func availableInterfaces() -> [String] {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var list: UnsafeMutablePointer<pcap_if_t>?
    // Safety: the list is read until its end and freed here.
    guard unsafe pcap_findalldevs(&list, &text) == 0 else { return [] }
    defer { unsafe pcap_freealldevs(list) }
    var names: [String] = []
    var entry = unsafe list
    while let device = unsafe entry {
      if let name = unsafe device.pointee.name { names.append(unsafe String(cString: name)) }
      unsafe entry = device.pointee.next
    }
    return names
  }
}

extension String {
  /// The text of a C buffer up to its first NUL.
  init(nulTerminated buffer: [CChar]) {
    self.init(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
