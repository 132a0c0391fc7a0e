//! The schedules of a stack: whether they wake their functions.

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::operation::get_schedule::GetScheduleError;
use aws_sdk_scheduler::types::ScheduleState;

use super::{Aws, call};

/// How a schedule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// It wakes its function.
    Enabled,
    /// It is there and switched off.
    Disabled,
    /// It is not there.
    Missing,
}

impl Aws {
    /// Looks at a schedule of the stack.
    ///
    /// # Errors
    ///
    /// If AWS refuses or does not answer.
    pub async fn schedule(&self, name: &str) -> anyhow::Result<Schedule> {
        match Client::new(&self.config).get_schedule().name(name).send().await {
            Ok(answer) if answer.state == Some(ScheduleState::Disabled) => Ok(Schedule::Disabled),
            Ok(_) => Ok(Schedule::Enabled),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetScheduleError::is_resource_not_found_exception) =>
            {
                Ok(Schedule::Missing)
            }
            Err(error) => Err(call::trouble("scheduler:GetSchedule", name, &error)),
        }
    }
}
