extension CallingCode {
  /// Zone 5: Latin America and the Caribbean outside the North American Numbering Plan.
  static let latinAmerica: [CallingCode] = [
    CallingCode("500", "FK", 5...5), CallingCode("501", "BZ", 7...7), CallingCode("502", "GT", 8...8),
    CallingCode("503", "SV", 8...8), CallingCode("504", "HN", 8...8), CallingCode("505", "NI", 8...8),
    CallingCode("506", "CR", 8...10), CallingCode("507", "PA", 7...8), CallingCode("508", "PM", 6...9),
    CallingCode("509", "HT", 8...8), CallingCode("51", "PE", 8...9, [.mobile("9/9")]),
    // Fixed and mobile numbers look the same since 2019; 1 in front of ten digits was the mobile mark before.
    CallingCode(
      "52", "MX", 10...11, emergency: "911", [.tollFree("800/10"), .premium("900/10"), .mobile("1/11")]),
    CallingCode("53", "CU", 6...8),
    // 9 in front of ten digits marks mobile numbers called from abroad.
    CallingCode(
      "54", "AR", 10...11, emergency: "911", [.fixed("11/10 2/10 3/10"), .mobile("9/11"), .tollFree("800")]),
    // Two digits of area, then nine digits with 9 in front for mobile, eight for fixed numbers.
    CallingCode(
      "55", "BR", 10...11, emergency: "190 192 193",
      [
        .fixed("nn2/10 nn3/10 nn4/10 nn5/10"), .mobile("nn9/11"), .tollFree("800"), .premium("900"),
      ]),
    CallingCode("56", "CL", 9...9), CallingCode("57", "CO", 8...10), CallingCode("58", "VE", 10...10),
    CallingCode("590", "GP", 9...9), CallingCode("591", "BO", 8...8), CallingCode("592", "GY", 7...7),
    CallingCode("593", "EC", 8...9), CallingCode("594", "GF", 9...9), CallingCode("595", "PY", 8...9),
    CallingCode("596", "MQ", 9...9), CallingCode("597", "SR", 6...7), CallingCode("598", "UY", 7...8),
    CallingCode("599", "CW", 7...8),
  ]
}
