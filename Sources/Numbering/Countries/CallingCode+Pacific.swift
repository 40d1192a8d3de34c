extension CallingCode {
  /// Zone 6: South-East Asia and the Pacific.
  static let southEastAsiaAndPacific: [CallingCode] = [
    CallingCode("60", "MY", 8...10),
    // 13 and 1300 are shared cost, 5 is not in use for callers.
    CallingCode(
      "61", "AU", 6...10, emergency: "000 106 112",
      [.fixed("2/9 3/9 7/9 8/9"), .mobile("4/9"), .tollFree("1800/10 180/7"), .premium("190/10")]),
    CallingCode("62", "ID", 7...12), CallingCode("63", "PH", 8...10),
    CallingCode(
      "64", "NZ", 7...10, emergency: "111",
      [
        .fixed("3-4/8 6-7/8 9/8"), .mobile("20-22 27-29"), .tollFree("508 800"), .premium("900"),
        .unknown("70"),
      ]),
    CallingCode(
      "65", "SG", 8...11, emergency: "995 999",
      [.fixed("6/8"), .mobile("8/8 9/8"), .tollFree("800/10 1800/11")]),
    CallingCode("66", "TH", 8...10), CallingCode("670", "TL", 7...8),
    CallingCode("672", "", 6...6), CallingCode("673", "BN", 7...7), CallingCode("674", "NR", 7...7),
    CallingCode("675", "PG", 7...8), CallingCode("676", "TO", 5...7), CallingCode("677", "SB", 5...7),
    CallingCode("678", "VU", 5...7), CallingCode("679", "FJ", 7...7), CallingCode("680", "PW", 7...7),
    CallingCode("681", "WF", 6...6), CallingCode("682", "CK", 5...5), CallingCode("683", "NU", 4...7),
    CallingCode("685", "WS", 5...7), CallingCode("686", "KI", 5...8), CallingCode("687", "NC", 6...6),
    CallingCode("688", "TV", 5...7), CallingCode("689", "PF", 6...8), CallingCode("690", "TK", 4...7),
    CallingCode("691", "FM", 7...7), CallingCode("692", "MH", 7...7),
  ]
}
