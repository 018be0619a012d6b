members = [{"id": "m1", "name": "Zoe", "plan": "gold", "token": "t-zoe"}, {"id": "m2", "name": "Yan", "plan": "basic", "token": "t-yan"}]
sessions = {}
visits = []
