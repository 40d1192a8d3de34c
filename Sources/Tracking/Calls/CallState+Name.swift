extension CallState {
  /// The value of `call.state`.
  public var name: StaticString {
    switch phase {
    case .calling: "calling"
    case .proceeding: "proceeding"
    case .ringing: "ringing"
    case .waiting: "waiting"
    case .talking: isOnHold ? "held" : "talking"
    case .ended: "ended"
    }
  }
}
