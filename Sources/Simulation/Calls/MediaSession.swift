internal import Values

/// The media of one leg: who sends where, and what the descriptions say.
final class MediaSession {
  /// The description that the caller offers, and the callee's answer.
  private(set) var offer = ""
  private(set) var answer = ""
  /// The offer without its key.
  private(set) var plainOffer = ""
  /// The streams of caller and callee while they run.
  private(set) var fromCaller: MediaStream?
  private(set) var fromCallee: MediaStream?
  private var offered: SessionText
  private var answered: SessionText
  /// Where packets of both really come from.
  let callerEndpoint: Endpoint
  let calleeEndpoint: Endpoint
  private let plan: CallPlan
  private let leg: Leg

  init(_ leg: Leg, _ plan: CallPlan, in world: World) {
    self.leg = leg
    self.plan = plan
    let callerPort = leg.caller.takeMediaPort()
    let calleePort = leg.callee.takeMediaPort()
    let session = 100_000_000 + world.random.below(900_000_000)
    offered = SessionText(
      endpoint: leg.caller.local.with(port: callerPort), session: session, version: session,
      codecs: [plan.codec] + leg.caller.codecs.filter { $0 != plan.codec },
      key: plan.offersKey && (leg.caller === plan.caller.station || !plan.losesKey)
        ? world.random.word(40) : nil)
    answered = SessionText(
      endpoint: leg.callee.local.with(port: calleePort), session: session / 2, version: session / 2,
      codecs: [plan.codec], key: plan.offersKey && !plan.losesKey ? world.random.word(40) : nil)
    callerEndpoint = Self.seen(leg.caller, callerPort, in: world)
    calleeEndpoint = Self.seen(leg.callee, calleePort, in: world)
    offer = offered.text
    var plain = offered
    plain.key = nil
    plainOffer = plain.text
    answer = answered.text
  }

  /// Behind NAT another port is seen.
  private static func seen(_ station: Station, _ port: UInt16, in world: World) -> Endpoint {
    station.endpoint.with(port: station.isMapped ? UInt16(20_000 + 2 * world.random.below(20_000)) : port)
  }

  /// Both directions begin, as much of them as is captured.
  func start(at begin: Int64, answered: Int64, in world: World) {
    guard fromCaller == nil, let limit = limit(in: world) else { return }
    let end = limit == .max ? Int64.max / 2 : answered + limit
    // A server learns where a phone behind NAT can be reached from the first packet of the phone.
    var (callerStart, calleeStart) = (answered + 15_000_000, begin)
    if leg.caller.isMapped { calleeStart = max(calleeStart, callerStart + leg.caller.distance + 20_000_000) }
    if leg.callee.isMapped { callerStart = max(callerStart, calleeStart + leg.callee.distance + 20_000_000) }
    fromCaller = stream(leg.caller, callerEndpoint, calleeEndpoint, from: callerStart, to: end, in: world)
    if let early = fromCallee {
      early.extend(to: end)
    } else if !plan.isOneWay {
      fromCallee = stream(leg.callee, calleeEndpoint, callerEndpoint, from: calleeStart, to: end, in: world)
    }
    fromCaller?.reverse = fromCallee
    fromCallee?.reverse = fromCaller
  }

  /// The tones of a network before the answer.
  func startEarly(at time: Int64, in world: World) {
    guard let limit = limit(in: world) else { return }
    let end = limit == .max ? Int64.max / 2 : time + limit
    guard !plan.isOneWay, !leg.caller.isMapped else { return }
    fromCallee = stream(leg.callee, calleeEndpoint, callerEndpoint, from: time, to: end, in: world)
  }

  private func limit(in world: World) -> Int64? {
    switch plan.capture ?? world.scenario.media.capture {
    case .none: nil
    case .head(let length): length
    case .all: .max
    }
  }

  private func stream(
    _ sender: Station, _ source: Endpoint, _ destination: Endpoint, from start: Int64, to end: Int64,
    in world: World
  ) -> MediaStream {
    let media = world.scenario.media
    let isFar = sender.distance > 2_000_000
    return world.start(
      MediaStream.Plan(
        source: source, destination: destination, codec: plan.codec, start: start, end: end,
        loss: LossModel(perMille: isFar ? media.loss : 0, burst: media.burst),
        jitter: isFar ? media.jitter : 0, sendsReports: media.hasReports), label: plan.label)
  }

  /// A direction of sound is silent for a while.
  func pause(_ range: Range<Int64>) {
    fromCaller?.pauses.append(range)
    fromCallee?.pauses.append(range)
  }

  /// Two or three keys of a menu, by the caller.
  func pressKeys(at time: Int64, in world: World) {
    for index in 0..<(2 + world.random.below(2)) {
      fromCaller?.digits.append((time + Int64(index) * 700_000_000, UInt8(world.random.below(10))))
    }
  }

  /// Both fall silent: who hangs up at once, the other when the news arrives.
  func stop(byCaller: Bool, sent: Int64, in world: World) {
    let news = sent + leg.caller.distance + leg.callee.distance + 3_000_000
    for (stream, first) in [(fromCaller, byCaller), (fromCallee, !byCaller)] {
      guard let stream else { continue }
      stream.end = min(stream.end, first ? sent : news)
    }
  }

  /// Offer and answer of a re-INVITE from the callee.
  func renegotiation(_ direction: SessionText.Direction) -> (offer: String, answer: String) {
    offered.version += 1
    answered.version += 1
    answered.direction = direction
    offered.direction = direction == .sendOnly ? .receiveOnly : .both
    return (answered.text, offered.text)
  }
}
