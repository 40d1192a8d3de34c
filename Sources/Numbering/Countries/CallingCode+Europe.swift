extension CallingCode {
  /// The countries of Europe whose national numbering plans are known here in some depth.
  static let europe: [CallingCode] = [
    CallingCode(
      "30", "GR", 10...10, emergency: "100 108 112 166 199",
      [.fixed("2"), .mobile("69"), .tollFree("800"), .premium("90")]),
    CallingCode(
      "31", "NL", 7...11, emergency: "112",
      [
        .fixed("1-5 7"), .mobile("61-65 68"), .tollFree("800"), .premium("900 906 909"),
      ]),
    CallingCode(
      "32", "BE", 8...9, emergency: "100 101 112",
      [
        .fixed("1-3 42-43 5-9"), .mobile("45-49"), .tollFree("800"), .premium("90"), .unknown("70 78"),
      ]),
    CallingCode(
      "33", "FR", 9...9, emergency: "15 17 18 112 114",
      [.fixed("1-5 9"), .mobile("6-7"), .tollFree("800-805"), .premium("89")]),
    CallingCode(
      "34", "ES", 9...9, emergency: "061 062 080 085 091 092 112",
      [
        .fixed("81-88 91-98"), .mobile("6 71-74"), .tollFree("800 900"), .premium("803 806-807 905"),
      ]),
    // Fixed numbers keep their 0; the range 3 is mobile.
    CallingCode(
      "39", "IT", 6...12, leadingZero: true, emergency: "112 113 115 118",
      [.fixed("0"), .mobile("3"), .tollFree("800 803"), .premium("89")]),
    // 6 is mobile but for the area of Salzburg and the west of it.
    CallingCode(
      "43", "AT", 4...13, emergency: "112 122 133 144",
      [
        .fixed("1-4 512 52-56 61-62 641-648 654 656 658 662 72-77 79"),
        .mobile("650-653 655 657 659 660-661 663-669 67-69"), .tollFree("800"),
        .premium("900-901 930-931 939"),
        .unknown("720 730 740"),
      ]),
    CallingCode(
      "41", "CH", 9...9, emergency: "112 117 118 144 1414",
      [
        .fixed("21-22 24 26-27 31-34 41 43-44 52 55-56 61-62 71 81 91"), .mobile("75-79"), .tollFree("800"),
        .premium("900-901 906"),
      ]),
    // 7 is mobile but for personal numbers (70) and pagers (76, where 7624 is the Isle of Man's mobile range).
    CallingCode(
      "44", "GB", 7...10, emergency: "112 999",
      [
        .fixed("1-2"), .mobile("71-75 77-79 7624"), .tollFree("800 808"), .premium("871-873 9"),
      ]),
    // National numbers have no prefix; much of the plan is open to fixed and mobile alike.
    CallingCode("45", "DK", 8...8, emergency: "112", [.tollFree("80"), .premium("90")]),
    CallingCode(
      "46", "SE", 6...10, emergency: "112",
      [
        .fixed("11 13-19 21-69 8 90-98"), .mobile("70 72-73 76 79"), .tollFree("20"),
        .premium("900 939 944"),
      ]),
    CallingCode(
      "47", "NO", 5...8, leadingZero: true, emergency: "110 112 113",
      [
        .fixed("2/8 3/8 51-57/8 6/8 7/8"), .mobile("4/8 9/8"), .tollFree("80/8"), .premium("82/8"),
      ]),
    CallingCode(
      "48", "PL", 9...9, emergency: "112 997 998 999",
      [
        .fixed("12-18 22-26 29 32-34 41-44 46-48 52 54-56 58-59 61-63 65 67-68 71 74-77 81-87 89 91 94-95"),
        .mobile("45 50-51 53 57 60 66 69 72-73 78-79 88"), .tollFree("800"), .premium("70"),
      ]),
    // 164 to 169 are pagers, 32 voice over IP, 700 personal numbers, 180 shared cost.
    CallingCode(
      "49", "DE", 6...13, emergency: "110 112",
      [
        .fixed("2-9"), .mobile("15 160 162-163 17"), .tollFree("800"), .premium("137 900"),
        .unknown("32 700"),
      ]),
    CallingCode(
      "351", "PT", 9...9, emergency: "112",
      [
        .fixed("2"), .mobile("91-93 96"), .tollFree("800"), .premium("601 607 646 648 760-762"),
      ]),
    // Numbers of Dublin begin with 1 and have eight digits, the services below have ten.
    CallingCode(
      "353", "IE", 7...10, emergency: "112 999",
      [
        .fixed("1/8 2 4-7 90-99"), .mobile("83 85-89"), .tollFree("1800/10"), .premium("15/10"),
        .unknown("70 76"),
      ]),
    CallingCode(
      "358", "FI", 5...12, emergency: "112",
      [
        .fixed("13-19 21-28 3 51-56 6 8-9"), .mobile("4 50"), .tollFree("800"), .premium("600 700"),
        .unknown("30 39"),
      ]),
    CallingCode(
      "380", "UA", 9...9, emergency: "101 102 103 104 112",
      [
        .fixed("31-38 41-48 51-57 61-62 64-65 69"), .mobile("39 50 63 66-68 73 91-99"), .tollFree("800"),
        .premium("900"),
      ]),
  ]
}
