internal import Capture
internal import Packets
internal import Rules
internal import Tracking

/// Every counter of a sensor, in the shape of EVE's `stats`.
struct SensorCounters {
  /// Seconds of packet time since the first frame.
  var uptime: UInt64 = 0
  var capture = CaptureStatistics()
  var decoder = DecoderCounters()
  var mirrored = MirroredCounters()
  var flows = FlowCounters()
  var streams = TCPCounters()
  var messages = MessageCounters()
  var media = MediaCounters()
  var calls = CallCounters()
  var engine = EngineCounters()

  /// Dotted names with values, always the same names in the same order.
  var named: [(name: String, value: UInt64)] {
    var list: [(name: String, value: UInt64)] = [
      ("uptime", uptime),
      ("capture.kernel_packets", capture.received),
      ("capture.kernel_drops", capture.droppedByKernel),
      ("capture.kernel_ifdrops", capture.droppedByInterface),
    ]
    list += capture.hep.named
    list += decoder.named.map { ("decoder." + $0.name, $0.value) }
    list += [
      ("decoder.hep_without_packet", mirrored.withoutPacket), ("decoder.hep_invalid", mirrored.invalid),
    ]
    list += [
      ("flow.total", flows.total), ("flow.active", flows.active), ("flow.evicted", flows.evicted),
      ("flow.memuse", flows.bytes),
    ]
    list += [
      ("tcp.sessions", streams.streams), ("tcp.midstream_pickups", streams.midstream),
      ("tcp.segments", streams.segments), ("tcp.out_of_order", streams.outOfOrder),
      ("tcp.retransmissions", streams.retransmissions), ("tcp.keep_alives", streams.keepAlives),
      ("tcp.overlap_diff_data", streams.conflicts), ("tcp.reassembly_gap", streams.gaps),
      ("tcp.reassembly_gap_bytes", streams.gapBytes), ("tcp.evicted", streams.evicted),
    ]
    list += messages.named
    list += media.named
    list += calls.named
    list += [
      ("detect.alert", engine.alerts), ("detect.alerts_suppressed", engine.suppressed),
      ("detect.events", engine.events), ("detect.matches", engine.matches),
      ("detect.excepted", engine.excepted), ("detect.off_schedule", engine.offSchedule),
      ("detect.missing_key", engine.missingKeys), ("detect.late", engine.late),
      ("detect.evicted", engine.evictions), ("detect.window_keys", UInt64(engine.windowKeys)),
      ("detect.suppressed_keys", UInt64(engine.suppressedKeys)),
    ]
    return list
  }
}

extension HEPStatistics {
  /// What listeners received and refused.
  var named: [(name: String, value: UInt64)] {
    [
      ("capture.hep_messages", messages), ("capture.hep_bytes", bytes),
      ("capture.hep_drops", droppedByKernel), ("capture.hep_rejected", rejected),
      ("capture.hep_untrusted", untrusted), ("capture.hep_connections", connections),
      ("capture.hep_connections_refused", refusedConnections),
      ("capture.hep_connections_broken", brokenConnections),
      ("capture.hep_connections_idle", idleConnections),
    ]
  }
}

/// The state of the flow table.
struct FlowCounters {
  var total: UInt64 = 0
  var active: UInt64 = 0
  var evicted: UInt64 = 0
  var bytes: UInt64 = 0

  init() {}

  init(_ table: borrowing FlowTable) {
    total = table.total
    active = UInt64(table.count)
    evicted = table.evictions
    bytes = UInt64(table.byteCount)
  }
}
