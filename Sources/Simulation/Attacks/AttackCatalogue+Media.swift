internal import Values

/// Sound that does not belong.
extension AttackCatalogue {
  static let media = [
    Kind(
      name: "rtp-injection", summary: "a machine in the network plays sound into other people's calls",
      rules: ["media-source-added", "media-source-taken-over"]
    ) { inject($0, takesSource: false, in: $1) },
    Kind(
      name: "ssrc-takeover",
      summary: "a machine in the network goes on with the stream of a party under its SSRC",
      rules: ["media-source-taken-over", "media-source-added", "media-ssrc-taken-over"]
    ) { inject($0, takesSource: true, in: $1) },
    Kind(
      name: "rtp-without-signalling",
      summary: "streams from outside to the server that no call has asked for",
      rules: ["media-without-call", "media-flood"], begin: unasked),
    Kind(
      name: "srtp-downgrade", summary: "the encryption that a phone offers is taken out on the way",
      rules: ["srtp-downgrade"], begin: downgrade),
  ]

  private static func inject(_ context: AttackContext, takesSource: Bool, in world: World) {
    let station = context.insider(Agent(name: "", style: .mixed), in: world)
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    context.steps(rate: 2, count: 4, in: world) { world, _ in
      let flow = victim(.answered(world.about(40_000_000_000)), context, label, in: world) {
        $0.capture = .all
      }
      guard let flow, let answered = flow.answeredAt, let session = flow.sessions.last else { return }
      let port = UInt16(40_000 + 2 * context.random.below(4000))
      world.at(answered + world.about(8_000_000_000)) { world in
        guard let heard = session.fromCaller else { return }
        let stream = MediaStream(
          MediaStream.Plan(
            source: station.endpoint.with(port: port), destination: session.calleeEndpoint,
            codec: heard.codec,
            start: world.now, end: world.now + 10_000_000_000, sendsReports: false), &world.random)
        // Who takes over is a little ahead, so that the listener drops what the real sender says.
        if takesSource {
          stream.adopt(
            ssrc: heard.ssrc, sequence: heard.sequence &+ 20, clock: heard.clock &+ 20 * heard.codec.ticks)
        }
        stream.label = label
        world.plan(.media(stream), at: world.now)
      }
    }
  }

  private static func unasked(_ context: AttackContext, in world: World) {
    let station = context.stranger(Agent(name: "", style: .mixed))
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    context.steps(rate: 60, count: 5, in: world) { world, index in
      let plan = MediaStream.Plan(
        source: station.endpoint.with(port: UInt16(30_000 + 2 * index)),
        destination: world.company.server.endpoint.with(
          port: UInt16(12_000 + 4 * context.random.below(2000))),
        codec: .pcmu, start: world.now, end: world.now + 60_000_000_000, sendsReports: false)
      _ = world.start(plan, label: label)
    }
  }

  private static func downgrade(_ context: AttackContext, in world: World) {
    let label = context.label(("dest_ip", "\(world.company.server.endpoint.address)"), in: world)
    context.steps(rate: 3, count: 5, in: world) { world, _ in
      _ = victim(.answered(world.about(30_000_000_000)), context, label, in: world) {
        $0.offersKey = true
        $0.losesKey = true
        $0.label = label
        $0.isCounted = false
      }
    }
  }
}
