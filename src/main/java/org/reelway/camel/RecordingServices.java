package org.reelway.camel;

import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.reelway.recording.Claims;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.Markers;
import org.reelway.transfer.flow.FinishedRecordings;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RestartPolicy;
import org.reelway.transfer.flow.WatchedFolders;

/** What the endpoints of the recordings flow need of the domain. */
record RecordingServices(
    RecordingFlow flow,
    WatchedFolders folders,
    Markers markers,
    Claims claims,
    java.nio.file.Path markersFolder,
    FinishedRecordings finished,
    IntakeObserver intakeObserver,
    RestartPolicy restartPolicy,
    ReturnedRecordings returned,
    ProgramParts programs,
    BooleanSupplier stopping,
    Clock clock) {}
