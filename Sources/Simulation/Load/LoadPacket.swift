internal import Values

/// One packet of load traffic. All that it says follows from the number of its call, so nothing is kept.
struct LoadPacket {
  var source: Endpoint
  var destination: Endpoint
  var payload: [UInt8]

  init(_ step: LoadStep, seed: UInt64) {
    switch step {
    case .call(let number, let stage):
      let party = LoadParty(number, seed: seed, part: "call")
      let isRequest = [0, 3, 4].contains(stage)
      source = isRequest ? party.phone : LoadParty.server
      destination = isRequest ? LoadParty.server : party.phone
      payload = party.callMessage(stage).bytes
    case .registration(let number, let stage):
      let party = LoadParty(number, seed: seed, part: "registration")
      source = stage % 2 == 0 ? party.phone : LoadParty.server
      destination = stage % 2 == 0 ? LoadParty.server : party.phone
      payload = party.registrationMessage(stage).bytes
    case .media(let number, let index, let fromCaller):
      let party = LoadParty(number, seed: seed, part: "call")
      source = fromCaller ? party.phoneMedia : party.serverMedia
      destination = fromCaller ? party.serverMedia : party.phoneMedia
      payload = party.media(index, fromCaller: fromCaller)
    case .probe(let number):
      let party = LoadParty(probe: number, seed: seed)
      source = party.phone
      destination = LoadParty.server
      payload = party.probe.bytes
    }
  }
}

/// One of 5000 phones in one call or registration, with all that is its own there.
struct LoadParty {
  static let server = Endpoint(address: IPAddress(v4: 0x0a00_000a), port: 5060)

  let phone: Endpoint
  let phoneMedia: Endpoint
  let serverMedia: Endpoint
  private let user: String
  private let callee: String
  private let token: String
  private let agent: String
  private let stream: UInt64

  private static let agents = [
    "Yealink SIP-T46S 66.86.0.15", "Grandstream GXP2170 1.0.11.64", "PolycomVVX-VVX_410-UA/5.9.6",
    "Cisco/SPA504G-7.6.2", "Linphone/5.2.4", "snomD785/10.1.159.12",
  ]

  init(_ number: Int, seed: UInt64, part: String) {
    self.init(number, RandomSource(seed: seed &+ UInt64(number) &* 0x9e37_79b9, part: part), address: nil)
  }

  /// A probe's sender, which is nobody: every number has an address of its own, as long as there are any.
  init(probe number: Int, seed: UInt64) {
    // An odd factor makes each of 2^24 numbers another one.
    let spread = UInt32(truncatingIfNeeded: number &* 0x9e3779) & 0xff_ffff
    self.init(
      number, RandomSource(seed: seed &+ UInt64(number), part: "probe"),
      address: UInt32(truncatingIfNeeded: 64 + (number >> 24 & 63)) << 24 | spread)
  }

  private init(_ number: Int, _ source: RandomSource, address: UInt32?) {
    var random = source
    let index = random.below(5000)
    let own = IPAddress(v4: address ?? 0x0a01_0000 | UInt32(index >> 8) << 8 | UInt32(index & 0xff))
    phone = Endpoint(address: own, port: 5060)
    phoneMedia = phone.with(port: UInt16(10_000 + 2 * random.below(20_000)))
    serverMedia = Endpoint(
      address: IPAddress(v4: 0x0a00_0014), port: UInt16(30_000 + 2 * (number % 15_000)))
    user = String(1000 + index)
    let isAbroad = random.chance(percent: 30)
    callee = isAbroad ? "00" + random.decimal(11) : String(1000 + random.below(5000))
    token = random.hexadecimal(16)
    agent = Self.agents[random.below(Self.agents.count)]
    stream = random.next()
  }

  /// INVITE, 180, 200, ACK, BYE, 200.
  func callMessage(_ stage: Int) -> SIPDraft {
    switch stage {
    case 0: invite
    case 1, 2: answer(to: invite, code: stage == 1 ? 180 : 200)
    case 3: request("ACK", branch: "b", cseq: 1, inDialog: true)
    case 4: request("BYE", branch: "c", cseq: 2, inDialog: true)
    default: answer(to: request("BYE", branch: "c", cseq: 2, inDialog: true), code: 200)
    }
  }

  /// REGISTER, 401, REGISTER with credentials, 200.
  func registrationMessage(_ stage: Int) -> SIPDraft {
    let nonce = token + token
    var register = request("REGISTER", branch: stage < 2 ? "a" : "b", cseq: stage < 2 ? 1 : 2)
    if stage > 1 {
      let credentials = DigestCredentials(username: user, password: token)
      register.add(
        "Authorization",
        credentials.plainAuthorization(
          realm: "load", nonce: nonce, method: "REGISTER", uri: "sip:\(Self.server.host)"))
    }
    register.add("Expires", "3600")
    guard stage % 2 == 1 else { return register }
    var answer = register.response(stage == 1 ? 401 : 200, toTag: "s\(stage)\(token)")
    answer.add("Server", "LoadServer/1.0")
    if stage == 1 {
      answer.add("WWW-Authenticate", "Digest algorithm=MD5, realm=\"load\", nonce=\"\(nonce)\"")
    } else {
      answer.contact = register.contact.map { $0 + ";expires=3600" }
    }
    return answer
  }

  /// An OPTIONS request.
  var probe: SIPDraft { request("OPTIONS", branch: "a", cseq: 1) }

  /// One RTP packet of 20 ms of PCMU, RFC 3550 §5.1.
  func media(_ index: Int, fromCaller: Bool) -> [UInt8] {
    let mark = fromCaller ? stream : stream &* 0x9e37_79b9_7f4a_7c15
    var packet: [UInt8] = [0x80, index == 0 ? 0x80 : 0]
    func append(_ value: UInt32, _ count: Int) {
      for shift in (0..<count).reversed() {
        packet.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * shift)))
      }
    }
    append(UInt32(truncatingIfNeeded: mark) & 0xffff &+ UInt32(index), 2)
    append(UInt32(truncatingIfNeeded: mark >> 16) &+ UInt32(160 * index), 4)
    append(UInt32(truncatingIfNeeded: mark >> 32), 4)
    for sample in 0..<160 { packet.append(UInt8(truncatingIfNeeded: sample &* (index | 1))) }
    return packet
  }

  private var invite: SIPDraft {
    var invite = request("INVITE", branch: "a", cseq: 1)
    invite.add("Allow", "INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, OPTIONS, INFO, UPDATE")
    invite.add("Supported", "replaces, timer")
    invite.contentType = "application/sdp"
    invite.body = SessionText(endpoint: phoneMedia, session: 1, version: 1, codecs: [.pcmu, .pcma]).text
    return invite
  }

  private func answer(to request: SIPDraft, code: Int) -> SIPDraft {
    var answer = request.response(code, toTag: "s" + token)
    answer.add("Server", "LoadServer/1.0")
    guard request.method == "INVITE" else { return answer }
    answer.contact = "<sip:\(callee)@\(Self.server.text)>"
    guard code == 200 else { return answer }
    answer.contentType = "application/sdp"
    answer.body = SessionText(endpoint: serverMedia, session: 2, version: 1, codecs: [.pcmu]).text
    return answer
  }

  private func request(_ method: String, branch: String, cseq: Int, inDialog: Bool = false) -> SIPDraft {
    let host = Self.server.host
    let target = method == "REGISTER" ? user : callee
    var draft = SIPDraft(
      startLine: "\(method) \(method == "REGISTER" ? "sip:\(host)" : "sip:\(callee)@\(host)") SIP/2.0",
      isRequest: true, vias: ["SIP/2.0/UDP \(phone.text);branch=z9hG4bK\(branch)\(token);rport"],
      from: "\"\(user)\" <sip:\(user)@\(host)>;tag=c\(token)",
      to: "<sip:\(target)@\(host)>" + (inDialog ? ";tag=s\(token)" : ""), callID: "\(token)@\(phone.host)",
      cseq: cseq, method: method)
    draft.contact = "<sip:\(user)@\(phone.text)>"
    draft.add("User-Agent", agent)
    return draft
  }
}
