public import Anomaly

/// Is told at the end of each hour of packet time what each entity did in it: sources first, then accounts and
/// prefixes. The hour is numbered as feature tables do.
public typealias HourListener = (_ hour: Int, _ entities: [EntityHour]) -> Void
