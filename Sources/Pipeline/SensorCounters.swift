internal import Capture
internal import Packets
internal import Rules

internal import Tracking

/// Every counter of a sensor, in the shape of EVE's `stats`.
struct SensorCounters {
  let named: [(name: String, value: UInt64)]

  init(decoder: DecoderCounters, packets: borrowing PacketStage, capture: CaptureStatistics) {
    var list: [(name: String, value: UInt64)] = [
      ("capture.kernel_packets", capture.received),
      ("capture.kernel_drops", capture.droppedByKernel),
      ("capture.kernel_ifdrops", capture.droppedByInterface),
    ]
    list += decoder.named.map { ("decoder." + $0.name, $0.value) }
    list += Self.flows(packets.flows)
    list += Self.messages(packets)
    list += Self.detection(packets.events.engineCounters)
    named = list
  }

  private static func flows(_ flows: borrowing FlowTable) -> [(name: String, value: UInt64)] {
    [
      ("flow.total", flows.total), ("flow.active", UInt64(flows.count)),
      ("flow.evicted", flows.evictions), ("flow.memuse", UInt64(flows.byteCount)),
    ]
  }

  private static func messages(_ packets: borrowing PacketStage) -> [(name: String, value: UInt64)] {
    let counters = packets.counters
    return [
      ("sip.requests", counters.requests), ("sip.responses", counters.responses),
      ("sip.retransmissions", counters.retransmissions), ("sip.forwarded", counters.forwarded),
      ("sip.duplicates", counters.duplicates), ("sip.faulty", counters.faulty),
      ("sip.memory_evicted", packets.messageEvictions), ("sip.memuse", UInt64(packets.messageMemory)),
      ("anomaly.total", counters.anomalies),
    ]
  }

  private static func detection(_ engine: EngineCounters) -> [(name: String, value: UInt64)] {
    [
      ("detect.alert", engine.alerts), ("detect.alerts_suppressed", engine.suppressed),
      ("detect.events", engine.events), ("detect.matches", engine.matches),
      ("detect.excepted", engine.excepted), ("detect.off_schedule", engine.offSchedule),
      ("detect.missing_key", engine.missingKeys), ("detect.late", engine.late),
      ("detect.evicted", engine.evictions), ("detect.window_keys", UInt64(engine.windowKeys)),
      ("detect.suppressed_keys", UInt64(engine.suppressedKeys)),
    ]
  }
}
