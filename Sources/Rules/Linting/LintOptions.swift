public import Events

/// What the lint knows about the installation.
public struct LintOptions: Sendable {
  /// Whether addresses can be looked up in a country database.
  public var hasCountryDatabase = false
  /// Fields that this version never fills in.
  public var unsetFields: [Field] = []
  /// Whether rules without tests are worth a warning.
  public var wantsTests = true

  /// What day it is, to warn of exceptions that count no more; no warnings without it.
  public var today: CalendarDate?

  /// The defaults: no country database.
  public init() {}
}
