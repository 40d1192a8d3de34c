extension CallingCode {
  /// Every country code that is assigned (ITU-T E.164, list of assigned country codes).
  static let all: [CallingCode] =
    northAmerica + africa + europe + furtherEurope + latinAmerica + southEastAsiaAndPacific + russia
    + eastAsia
    + westAsia + networks
}
