from covet import create_app
from api.rooms import group
from api.data import bookings


def make():
    app = create_app(debug=False)
    app.include_router(group, prefix="/v1")

    @app.get("/v1/bookings")
    async def all_bookings(request):
        return {"bookings": sorted(bookings, key=lambda b: b["day"])}

    @app.delete("/v1/bookings/<int:booking_id>")
    async def cancel(request, booking_id):
        global_before = len(bookings)
        bookings[:] = [b for b in bookings if b["id"] != booking_id]
        if len(bookings) == global_before:
            return {"error": "no booking"}, 404
        return "", 204

    return app


app = make()
