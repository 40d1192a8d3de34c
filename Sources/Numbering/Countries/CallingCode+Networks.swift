extension CallingCode {
  /// Codes that belong to no country: global services and networks (ITU-T E.164.1 and E.164.3).
  static let networks: [CallingCode] = [
    // Universal international freephone.
    CallingCode("800", "", 8...8, [.tollFree("0 n")]),
    // International shared cost.
    CallingCode("808", "", 8...8),
    // Inmarsat.
    CallingCode("870", "", 9...9, [.satellite("n 0")]),
    // Universal personal telecommunication.
    CallingCode("878", "", 12...12),
    // Global mobile satellite systems: Iridium 6 and 7, Globalstar 8 and 9.
    CallingCode("881", "", 8...12, [.satellite("x")]),
    // International networks; 13 EMSAT and 16 Thuraya are satellites, the others anything.
    CallingCode("882", "", 7...12, [.satellite("13 16")]),
    CallingCode("883", "", 7...12),
    // Disaster relief.
    CallingCode("888", "", 11...11),
    // International premium rate.
    CallingCode("979", "", 9...9, [.premium("x")]),
  ]
}
