public import Values

/// What kind of entity features are kept of.
public enum EntityType: UInt8, CaseIterable, Sendable {
  /// An address that sends requests.
  case source
  /// `user@host` in whose name they are sent.
  case account
  /// The beginning of numbers that are called.
  case prefix

  /// The value of `score.entity_type`.
  public var name: String { String(describing: self) }
}

/// What one entity did in one hour of packet time.
public struct EntityHour: Sendable {
  /// What kind of entity it is.
  public var type: EntityType
  /// The address, the account, or the beginning of numbers.
  public var entity: String
  /// The address of a source.
  public var address: IPAddress?
  /// When the hour began.
  public var start: Timestamp
  /// The 29 features that tables and models are made of.
  public var row: FeatureRow
  /// Features beside these, for live use.
  public var further: FurtherFeatures

  /// An hour of an entity.
  public init(
    type: EntityType, entity: String, address: IPAddress? = nil, start: Timestamp, row: FeatureRow,
    further: FurtherFeatures = FurtherFeatures()
  ) {
    (self.type, self.entity, self.address, self.start) = (type, entity, address, start)
    (self.row, self.further) = (row, further)
  }

  /// What models know the entity by.
  public var key: EntityKey { address.map { EntityKey($0) } ?? EntityKey(text: Array(entity.utf8).span) }
}

/// Features that are no columns of feature tables; NaN where one is undefined.
public struct FurtherFeatures: Equatable, Sendable {
  /// Entropy of the methods of its requests in bits.
  public var methodEntropy = Double.nan
  /// Median of the gaps between attempts in seconds, to a factor of 1.1.
  public var interArrivalMedian = Double.nan
  /// Requests other than REGISTER that no live registration of the address stands behind.
  public var unregisteredActivity = Double.nan
  /// Different addresses that an account was used from, or that a prefix was called from.
  public var sourceSpread = Double.nan
  /// Entropy of the user agents of its requests in bits.
  public var agentEntropy = Double.nan
  /// Attempts from 22 to 6 o'clock, of those of the last 24 hours.
  public var nightShare = Double.nan
  /// Attempts beside what the hour of the day had on earlier days of the kind, as a logarithm to the base of 10.
  public var offHours = Double.nan

  /// Everything undefined.
  public init() {}

  /// The names of the columns, in the order of `values`.
  public static let names = [
    "method_entropy", "iat_median", "unregistered_activity", "src_ip_spread", "ua_entropy", "night_share",
    "offhours",
  ]

  /// All values.
  public var values: [Double] {
    [
      methodEntropy, interArrivalMedian, unregisteredActivity, sourceSpread, agentEntropy, nightShare,
      offHours,
    ]
  }
}
