"""The Fynn dialect: coupons as `/coupons` shows and takes them, a camelCase projection of the one coupon row."""
