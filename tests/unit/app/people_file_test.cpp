#include "app/people_file.hpp"
#include "simulation/virtual_clock.hpp"
#include "support/recorded_log.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <exception>

using namespace hallpass;
using namespace std::chrono_literals;

TEST_CASE("a file of people counts anew when it has changed, and as before while it can't be used") {
    boost::asio::io_context context;
    simulation::virtual_clock clock(context);
    test::recorded_log log;
    const test::temp_dir folder;
    config::people_section section;
    section.written = {{"U1", "alice"}};
    section.file = folder.write("people.toml", "U2 = \"bob\"\n");
    access::people people = *config::everybody(section);
    boost::asio::cancellation_signal end;
    bool ended = false;
    boost::asio::co_spawn(
        context, app::follow_people_file(clock, log, "slack", section, people),
        boost::asio::bind_cancellation_slot(end.slot(), [&](const std::exception_ptr&) { ended = true; })
    );
    const auto half_a_minute = [&] { clock.run_until([] { return false; }, 31s); };
    half_a_minute();
    CHECK(people == access::people{{"U1", "alice"}, {"U2", "bob"}});
    CHECK_FALSE(log.has("people_file_read"));

    folder.write("people.toml", "U2 = \"carol\"\n");
    half_a_minute();
    CHECK(people == access::people{{"U1", "alice"}, {"U2", "carol"}});
    CHECK(log.has("people_file_read"));

    folder.write("people.toml", "U2 = ");
    half_a_minute();
    half_a_minute();
    CHECK(people == access::people{{"U1", "alice"}, {"U2", "carol"}});
    CHECK(log.errors == 1);

    folder.write("people.toml", "");
    half_a_minute();
    CHECK(people == access::people{{"U1", "alice"}});
    end.emit(boost::asio::cancellation_type::terminal);
    clock.run_ready();
    CHECK(ended);
}
