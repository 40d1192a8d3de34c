internal import Anomaly
internal import Events
internal import Values

/// A score that is to be published, or a change that too many entities share to be anyone's.
struct ScoreReport {
  private enum Content {
    case score(EntityHour, AnomalyScore)
    case population(PopulationEvent, EntityType)
  }

  private let content: Content
  /// The end of the window that was scored.
  let time: Timestamp

  init(entity: EntityHour, score: AnomalyScore, time: Timestamp) {
    content = .score(entity, score)
    self.time = time
  }

  init(population: PopulationEvent, of type: EntityType, time: Timestamp) {
    content = .population(population, type)
    self.time = time
  }

  /// The model's name in `score.model`.
  private static var model: StaticString { "surprise" }

  /// Makes it an event.
  func fill(_ event: inout Event, sequence: UInt64) {
    switch content {
    case .score(let entity, let score): fill(&event, entity, score, sequence)
    case .population(let population, let type): fill(&event, population, type, sequence)
    }
  }

  private func fill(_ event: inout Event, _ entity: EntityHour, _ score: AnomalyScore, _ sequence: UInt64) {
    event.reset(.score, at: time, sequence: sequence)
    if let address = entity.address {
      event.set(.srcIP, ip: address)
      event.set(.clientIP, ip: address)
    }
    event.set(.scoreEntityType, copying: entity.type.name)
    event.set(.scoreEntity, copying: entity.entity)
    event.set(.scoreWindow, .duration(3_600_000_000_000))
    event.set(.scoreValue, .decimal(score.value))
    event.set(.scoreModel, constant: Self.model)
    event.set(.scoreSamples, integer: Int64(score.samples))
    event.set(.scoreWarmingUp, bool: score.isWarmingUp)
    if let family = score.family { event.set(.scoreFamily, copying: family.name) }
    event.set(.scoreFalseAlarms, .decimal(score.expectedFalseAlarmsPerDay))
    set(score.reasons, into: &event)
  }

  private func set(_ reasons: [ScoreReason], into event: inout Event) {
    let texts = reasons.map { (event.append($0.feature), event.append($0.view.rawValue)) }
    let start = event.items.count
    for (reason, (feature, view)) in zip(reasons, texts) {
      event.appendItem(.text(feature))
      event.appendItem(.text(view))
      event.appendItem(.integer(Int64(reason.windowHours)))
      for number in [reason.observed, reason.expected, reason.surprise] {
        event.appendItem(number.isFinite ? .decimal(number) : .absent)
      }
    }
    event.set(.scoreReasons, itemsFrom: start)
  }

  private func fill(
    _ event: inout Event, _ population: PopulationEvent, _ type: EntityType, _ sequence: UInt64
  ) {
    event.reset(.anomaly, at: time, sequence: sequence)
    event.set(.anomalyType, constant: "applayer")
    event.set(.anomalyEvent, copying: SensorFault.populationChanged.rawValue)
    event.set(.anomalyLayer, copying: SensorFault.populationChanged.layer)
    let percent = Int((population.share * 100).rounded())
    event.set(
      .anomalyDetail,
      copying: "\(population.feature): \(percent) % of \(population.entities) entities of type \(type.name)")
  }
}
