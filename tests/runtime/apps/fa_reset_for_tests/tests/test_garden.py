from storage import forget_shed, get_garden, reset_garden


def test_plant():
    reset_garden()
    forget_shed()
    assert get_garden().plant("north", "beans")["watered"] == 0
