extension CallingCode {
  /// Zone 2: Africa and some islands.
  static let africa: [CallingCode] = [
    CallingCode("20", "EG", 8...10, [.fixed("2/9 3/9"), .mobile("10-12/10 15/10")]),
    CallingCode("211", "SS", 9...9),
    CallingCode("212", "MA", 9...9), CallingCode("213", "DZ", 8...9),
    CallingCode("216", "TN", 8...8), CallingCode("218", "LY", 8...9), CallingCode("220", "GM", 7...7),
    CallingCode("221", "SN", 9...9), CallingCode("222", "MR", 8...8), CallingCode("223", "ML", 8...8),
    CallingCode("224", "GN", 8...9), CallingCode("225", "CI", 10...10, leadingZero: true),
    CallingCode("226", "BF", 8...8, leadingZero: true), CallingCode("227", "NE", 8...8, leadingZero: true),
    CallingCode("228", "TG", 8...8), CallingCode("229", "BJ", 8...10, leadingZero: true),
    CallingCode("230", "MU", 7...10), CallingCode("231", "LR", 7...9), CallingCode("232", "SL", 8...8),
    CallingCode("233", "GH", 9...9), CallingCode("234", "NG", 7...11), CallingCode("235", "TD", 8...8),
    CallingCode("236", "CF", 8...8), CallingCode("237", "CM", 8...9), CallingCode("238", "CV", 7...7),
    CallingCode("239", "ST", 7...7), CallingCode("240", "GQ", 9...9),
    CallingCode("241", "GA", 7...8, leadingZero: true), CallingCode("242", "CG", 9...9, leadingZero: true),
    CallingCode("243", "CD", 7...9), CallingCode("244", "AO", 9...9), CallingCode("245", "GW", 7...9),
    CallingCode("246", "IO", 7...7),
    // Ascension belongs to Saint Helena in ISO 3166-1.
    CallingCode("247", "SH", 4...6),
    CallingCode("248", "SC", 6...7), CallingCode("249", "SD", 9...9), CallingCode("250", "RW", 8...9),
    CallingCode("251", "ET", 9...9), CallingCode("252", "SO", 6...9), CallingCode("253", "DJ", 8...8),
    CallingCode("254", "KE", 7...10), CallingCode("255", "TZ", 9...9), CallingCode("256", "UG", 9...9),
    CallingCode("257", "BI", 8...8), CallingCode("258", "MZ", 8...9), CallingCode("260", "ZM", 9...9),
    CallingCode("261", "MG", 9...9), CallingCode("262", "RE", 9...9), CallingCode("263", "ZW", 5...10),
    CallingCode("264", "NA", 8...9), CallingCode("265", "MW", 7...9), CallingCode("266", "LS", 8...8),
    CallingCode("267", "BW", 7...10), CallingCode("268", "SZ", 8...9), CallingCode("269", "KM", 7...7),
    CallingCode(
      "27", "ZA", 9...9, emergency: "112 10111 10177",
      [.fixed("1-5"), .mobile("6-7 81-84"), .tollFree("80"), .premium("90")]),
    CallingCode("290", "SH", 4...5), CallingCode("291", "ER", 7...7), CallingCode("297", "AW", 7...7),
    CallingCode("298", "FO", 6...6), CallingCode("299", "GL", 6...6),
  ]
}
