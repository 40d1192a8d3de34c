extension CallingCode {
  /// Zone 7: Russia and Kazakhstan; `SharedTerritory` tells them apart.
  static let russia: [CallingCode] = [
    CallingCode(
      "7", "", 10...10, emergency: "101 102 103 104 112",
      [
        .fixed("3-4 8 71-72"), .mobile("9 700-708 747 771 775-778"), .tollFree("800"), .premium("803 809"),
        .unknown("801-802 804-808"),
      ])
  ]

  /// Zone 8: East Asia.
  static let eastAsia: [CallingCode] = [
    // 50 is voice over IP, 20 machines and pagers, 570 and 180 are services.
    CallingCode(
      "81", "JP", 9...10, emergency: "110 118 119",
      [
        .fixed("1-9"), .mobile("70/10 80/10 90/10"), .tollFree("120 800/10"), .premium("990"),
        .unknown("20 50 60 70 80 90 170 180 570"),
      ]),
    CallingCode("82", "KR", 8...10, emergency: "112 119", [.mobile("10")]), CallingCode("84", "VN", 9...10),
    CallingCode("850", "KP", 8...10), CallingCode("852", "HK", 8...8), CallingCode("853", "MO", 8...8),
    CallingCode("855", "KH", 8...9), CallingCode("856", "LA", 8...10),
    // 400 is shared cost.
    CallingCode(
      "86", "CN", 7...11, emergency: "110 119 120 122",
      [
        .fixed("10/10 2/10 3-9/10,11"), .mobile("13-19/11"), .tollFree("800/10"), .unknown("400"),
      ]),
    CallingCode("880", "BD", 8...10), CallingCode("886", "TW", 8...10),
  ]

  /// Zone 9: West, Central and South Asia.
  static let westAsia: [CallingCode] = [
    // 444 and seven digits are company numbers, 850 voice over IP, 512 pagers.
    CallingCode(
      "90", "TR", 7...10, emergency: "110 112 155 156",
      [
        .fixed("2/10 3/10 4/10"), .mobile("50/10 53-56/10"), .tollFree("800/10"),
        .premium("888/10 898/10 900/10"),
      ]),
    // Mobile numbers fill 6 to 9, where 6 to 8 have area codes too.
    CallingCode(
      "91", "IN", 8...10, emergency: "100 101 102 108 112",
      [
        .fixed("1/10 2/10 3/10 4/10 5/10"), .mobile("9/10"), .unknown("14/10 18/10 19/10"),
      ]),
    CallingCode("92", "PK", 8...10), CallingCode("93", "AF", 9...9), CallingCode("94", "LK", 9...9),
    CallingCode("95", "MM", 6...10), CallingCode("960", "MV", 7...7), CallingCode("961", "LB", 7...8),
    CallingCode("962", "JO", 8...9), CallingCode("963", "SY", 8...9), CallingCode("964", "IQ", 8...10),
    CallingCode("965", "KW", 7...8), CallingCode("966", "SA", 9...9, [.mobile("5")]),
    CallingCode("967", "YE", 7...9), CallingCode("968", "OM", 7...9), CallingCode("970", "PS", 8...9),
    CallingCode("971", "AE", 8...9, [.mobile("5/9")]),
    CallingCode(
      "972", "IL", 8...10, emergency: "100 101 102 112",
      [.fixed("2/8 3/8 4/8 8/8 9/8"), .mobile("5/9"), .tollFree("1800/10"), .premium("1900/10")]),
    CallingCode("973", "BH", 8...8), CallingCode("974", "QA", 7...8), CallingCode("975", "BT", 7...8),
    CallingCode("976", "MN", 8...10), CallingCode("977", "NP", 8...10), CallingCode("98", "IR", 6...10),
    CallingCode("992", "TJ", 9...9), CallingCode("993", "TM", 8...8), CallingCode("994", "AZ", 9...9),
    CallingCode("995", "GE", 9...9), CallingCode("996", "KG", 9...9), CallingCode("998", "UZ", 9...9),
  ]
}
