from covet import Covet, CovetApp, CovetApplication, create_app
