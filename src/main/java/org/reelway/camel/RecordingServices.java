package org.reelway.camel;

import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.reelway.audit.RecordingManifests;
import org.reelway.callback.RecordingCallbacks;
import org.reelway.flow.FinishedRecordings;
import org.reelway.flow.RecordingFlow;
import org.reelway.flow.RestartPolicy;
import org.reelway.flow.WatchedFolders;
import org.reelway.recording.Claims;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.Markers;

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
    RecordingManifests manifests,
    RecordingCallbacks callbacks,
    ProgramParts programs,
    BooleanSupplier stopping,
    Clock clock) {}
