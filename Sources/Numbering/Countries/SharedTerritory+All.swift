extension SharedTerritory {
  /// Every territory that numbers tell apart from the country whose code it shares.
  static let all: [SharedTerritory] = northAmerica + overseas

  /// Territories outside North America.
  ///
  /// Where one range serves several (Guadeloupe with Saint-Barthélemy and Saint-Martin on 590), the country of
  /// the code stands for all of them.
  private static let overseas: [SharedTerritory] = [
    // Mayotte beside Réunion.
    SharedTerritory("YT", "262269 262639"),
    // Åland.
    SharedTerritory("AX", "35818"),
    // Vatican City has numbers of Rome; San Marino can be dialled through Italy.
    SharedTerritory("VA", "3906698"), SharedTerritory("SM", "390549"),
    // Guernsey, Jersey, Isle of Man: area code and mobile ranges.
    SharedTerritory("GG", "441481 447781 447839 447911"),
    SharedTerritory("JE", "441534 447509 447700 447797 447829 447937"),
    SharedTerritory("IM", "441624 447624 447924"),
    // Svalbard.
    SharedTerritory("SJ", "4779"),
    // Bonaire, Sint Eustatius and Saba beside Curaçao.
    SharedTerritory("BQ", "5993-5994 5997"),
    // Cocos and Christmas Islands.
    SharedTerritory("CC", "6189162"), SharedTerritory("CX", "6189164"),
    // Norfolk Island and the Australian stations of Antarctica.
    SharedTerritory("AQ", "6721"), SharedTerritory("NF", "6723"),
    // Russia and Kazakhstan share 7; its freephone range serves both.
    SharedTerritory("RU", "73-74 78-79"), SharedTerritory("", "7800"), SharedTerritory("KZ", "76-77"),
  ]
}
