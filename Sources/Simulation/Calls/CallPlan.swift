/// A call as it will go, decided before it begins.
struct CallPlan {
  /// One end of the call.
  struct Party {
    let station: Station
    /// The name to show, and the number or extension.
    let name: String
    let number: String
    /// The host behind the number.
    let host: String

    /// `"Name" <sip:number@host>`.
    var address: String { (name.isEmpty ? "" : "\"\(name)\" ") + "<\(uri)>" }
    /// `sip:number@host`.
    var uri: String { "sip:\(number)@\(host)" }
  }

  /// What becomes of it.
  enum Outcome {
    /// Answered; the time from the answer to the end.
    case answered(Int64)
    /// The callee is in another call.
    case busy
    /// It rings until the server gives up.
    case unanswered
    /// The caller hangs up while it rings.
    case cancelled
    /// Refused with a code by the callee, or by the server when there is no such callee.
    case refused(Int, reason: String? = nil, byServer: Bool)
  }

  /// Who hangs up.
  enum Ending {
    case caller, callee
    /// Nobody: the BYE never comes by.
    case nobody
  }

  var caller: Party
  var callee: Party
  /// Further phones of the callee that ring at the same time.
  var otherPhones: [Station] = []
  var outcome: Outcome
  /// How long it rings.
  var ring: Int64
  var ending = Ending.caller
  /// When after the answer the callee is put on hold, and taken back.
  var hold: Range<Int64>?
  /// Whom the callee passes the caller on to, by REFER at its end.
  var transfer: Party?
  /// The callee cannot be heard.
  var isOneWay = false
  /// One message of it is damaged.
  var isBroken = false
  /// The server answers the caller at once and looks for somebody to speak to for this long.
  var queueWait: Int64?
  /// The server asks the caller for credentials.
  var authenticates = false
  var codec = Codec.pcma
  /// Whether offer and answer speak of SRTP.
  var offersKey = false
  /// Whether the server finds no key in the offer that it passes on: somebody in between took it out.
  var losesKey = false
  var label: Int32 = 0
  /// A header that only this call has in its INVITE.
  var extraHeader: (name: String, value: String)?
  /// How much media is captured, if otherwise than the scenario says.
  var capture: Scenario.Media.Capture?
  /// Whether it is a call of people, for the counters.
  var isCounted = true
}
