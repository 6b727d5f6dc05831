//! Runs the models, as they are and with faults that they have to find.

use ragc_models::{Fault, deadlocks, holds, tried};

macro_rules! models_hold {
    ($($folder:ident :: $model:ident,)*) => {
        $(mod $model {
            #[test]
            fn holds() {
                super::holds(None, super::tried::$folder::$model);
            }
        })*
    };
}

models_hold! {
    queue::items_arrive_and_the_end_is_seen,
    queue::a_full_channel_holds_the_sender_back,
    queue::waiting_senders_learn_that_the_receiver_is_gone,
    cache::one_makes_it_and_the_others_wait,
    cache::an_error_lets_the_next_one_try,
    cache::errors_leave_nothing,
    cache::a_panic_lets_the_next_one_try,
    cache::values_that_leave_are_made_again,
    flight::one_makes_a_single_one,
    flight::the_next_one_makes_it,
    flight::failures_leave_nothing,
    flight::what_is_cleared_is_made_again,
    in_order::all_come_out_in_order,
    in_order::an_error_ends_it,
    in_order::a_panic_is_a_lost_worker,
    in_order::an_error_of_the_output_ends_it,
    in_order::a_panic_of_the_output_is_the_callers,
}

#[test]
fn fewer_threads_do_the_same() {
    holds(Some(Fault::FewThreads), tried::in_order::all_come_out_in_order);
}

#[test]
fn a_wake_up_that_is_lost_is_found() {
    for fault in [Fault::Deaf, Fault::Gap] {
        assert!(
            deadlocks(fault, tried::queue::a_full_channel_holds_the_sender_back),
            "{fault:?}"
        );
        assert!(
            deadlocks(fault, tried::cache::one_makes_it_and_the_others_wait),
            "{fault:?}"
        );
        assert!(
            deadlocks(fault, tried::cache::an_error_lets_the_next_one_try),
            "{fault:?}"
        );
        assert!(
            deadlocks(fault, tried::flight::one_makes_a_single_one),
            "{fault:?}"
        );
        assert!(
            deadlocks(fault, tried::in_order::all_come_out_in_order),
            "{fault:?}"
        );
    }
}

#[test]
fn one_that_is_woken_in_place_of_all_is_found() {
    let gone = tried::queue::waiting_senders_learn_that_the_receiver_is_gone;
    assert!(deadlocks(Fault::One, gone));
    assert!(deadlocks(
        Fault::One,
        tried::cache::one_makes_it_and_the_others_wait
    ));
}
