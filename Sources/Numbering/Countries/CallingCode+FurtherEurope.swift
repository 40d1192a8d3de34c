extension CallingCode {
  /// Zones 3 and 4: the other countries of Europe; kinds only where they are plain.
  static let furtherEurope: [CallingCode] = [
    CallingCode("350", "GI", 8...8), CallingCode("352", "LU", 4...11, emergency: "112 113"),
    CallingCode("354", "IS", 7...9, emergency: "112"), CallingCode("355", "AL", 6...9),
    CallingCode("356", "MT", 8...8, emergency: "112"), CallingCode("357", "CY", 8...8, emergency: "112 199"),
    CallingCode("359", "BG", 6...9, emergency: "112"),
    CallingCode(
      "36", "HU", 8...9, emergency: "104 105 107 112",
      [
        .fixed(
          "1 22-29/8 32-37/8 42/8 44-49/8 52-57/8 59/8 62-63/8 66/8 68-69/8 72-79/8 82-85/8 87-89/8 92-96/8 99/8"
        ), .mobile("20 30-31 50 70"), .tollFree("80"), .premium("90-91"),
      ]),
    CallingCode("370", "LT", 8...8, emergency: "112", [.mobile("6")]),
    CallingCode(
      "371", "LV", 8...8, emergency: "112",
      [.mobile("2"), .fixed("6"), .tollFree("80"), .premium("90")]),
    CallingCode("372", "EE", 7...10, emergency: "112"), CallingCode("373", "MD", 8...8, emergency: "112"),
    CallingCode("374", "AM", 8...8), CallingCode("375", "BY", 9...9, emergency: "101 102 103 104 112"),
    CallingCode("376", "AD", 6...9), CallingCode("377", "MC", 8...9),
    CallingCode("378", "SM", 6...10, leadingZero: true),
    // Assigned, but Vatican City is reached through Rome.
    CallingCode("379", "VA"),
    CallingCode("381", "RS", 6...12), CallingCode("382", "ME", 8...9),
    // Kosovo, in ISO 3166's range for users' own codes.
    CallingCode("383", "XK", 8...9),
    CallingCode("385", "HR", 7...9, emergency: "112"), CallingCode("386", "SI", 8...8, emergency: "112 113"),
    CallingCode("387", "BA", 8...9), CallingCode("389", "MK", 8...8),
    CallingCode(
      "40", "RO", 6...9, emergency: "112",
      [.fixed("2-3"), .mobile("7"), .tollFree("800"), .premium("90"), .unknown("37")]),
    CallingCode(
      "420", "CZ", 9...9, emergency: "112 150 155 156 158",
      [.fixed("2-5"), .mobile("601-608 70 72-73 77 79"), .tollFree("800"), .premium("90"), .unknown("700")]),
    CallingCode(
      "421", "SK", 6...9, emergency: "112 150 155 158",
      [.fixed("2-5"), .mobile("90-91 94-95"), .tollFree("800"), .premium("900"), .unknown("9090")]),
    CallingCode("423", "LI", 7...9),
  ]
}
