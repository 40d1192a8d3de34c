internal import CPcap
internal import Packets

/// A BPF filter expression, compiled for each link type that turns up.
public final class FrameFilter {
  private let expression: String
  private var programs: [Int32: FilterProgram?] = [:]

  /// Compiles for a first link type, so that a mistake in the expression is found at once.
  init(_ expression: String, linkType: LinkType, input: String) throws(CaptureError) {
    self.expression = expression
    var cause = ""
    programs[linkType.rawValue] = .some(FilterProgram(expression, linkType: linkType.rawValue, cause: &cause))
    guard cause.isEmpty else { throw Self.error(expression, input: input, cause: cause) }
  }

  /// Throws for an expression that is not accepted for any link type; Ethernet stands for all of them.
  public static func check(_ expression: String) throws(CaptureError) {
    _ = try FrameFilter(expression, linkType: .ethernet, input: "filter")
  }

  /// Whether a frame matches. A frame of a link type that the expression cannot be compiled for does not.
  func accepts(_ frame: UnsafeBufferPointer<UInt8>, originalLength: Int, linkType: Int32) -> Bool {
    guard let known = programs[linkType] else {
      var cause = ""
      programs[linkType] = .some(FilterProgram(expression, linkType: linkType, cause: &cause))
      return unsafe accepts(frame, originalLength: originalLength, linkType: linkType)
    }
    return unsafe known?.accepts(frame, originalLength: originalLength) ?? false
  }

  /// The error for an expression that libpcap does not compile.
  static func error(_ expression: String, input: String, cause: String) -> CaptureError {
    CaptureError(
      input: input, cause: "the filter “\(expression)” is not accepted: \(cause)",
      remedy: "see pcap-filter(7) for the syntax", isRefusedFilter: true)
  }
}

/// One compiled BPF program.
@safe private final class FilterProgram {
  private var program = unsafe bpf_program()

  init?(_ expression: String, linkType: Int32, cause: inout String) {
    // Safety: a handle without a capture; what is compiled does not refer to it.
    guard let handle = unsafe pcap_open_dead(linkType, 262_144) else {
      cause = "out of memory"
      return nil
    }
    defer { unsafe pcap_close(handle) }
    guard unsafe pcap_compile(handle, &program, expression, 1, bpf_u_int32.max) == 0 else {
      cause = unsafe String(cString: pcap_geterr(handle))
      return nil
    }
  }

  deinit {
    // Safety: compiled in the initialiser (or all zero when that failed), freed once.
    unsafe pcap_freecode(&program)
  }

  func accepts(_ frame: UnsafeBufferPointer<UInt8>, originalLength: Int) -> Bool {
    guard let start = frame.baseAddress else { return false }
    var header = pcap_pkthdr()
    header.caplen = UInt32(clamping: frame.count)
    header.len = UInt32(clamping: originalLength)
    // Safety: the header states how many bytes are at `start`; the interpreter checks every load.
    return unsafe pcap_offline_filter(&program, &header, start) != 0
  }
}
